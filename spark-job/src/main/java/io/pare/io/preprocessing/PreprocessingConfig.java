package io.pare.io.preprocessing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Reads how a published network wants its images from the JSON beside it, as a text for {@link
 * Preprocessing}: timm's {@code pretrained_cfg} (in config.json or alone), or a Hugging Face {@code
 * preprocessor_config.json}. Faults raise IllegalArgumentException, which the caller puts into its
 * frame.
 */
final class PreprocessingConfig {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SIDES = 2;

  private final JsonNode config;
  private final List<String> parts = new ArrayList<>();

  private PreprocessingConfig(JsonNode config) {
    this.config = config;
  }

  /** Whether a file says anything of preprocessing, which many a config.json does not. */
  static boolean isOne(byte[] json) {
    try {
      JsonNode root = JSON.readTree(json);
      return timm(root).path("input_size").isArray() || isHuggingFace(root);
    } catch (IOException e) {
      return false;
    }
  }

  private static JsonNode timm(JsonNode root) {
    return root.path("pretrained_cfg").isObject() ? root.path("pretrained_cfg") : root;
  }

  private static boolean isHuggingFace(JsonNode root) {
    return root.has("image_mean") || root.has("do_resize");
  }

  /** The text of a file's preprocessing. */
  static String text(byte[] json) {
    JsonNode root;
    try {
      root = JSON.readTree(json);
    } catch (IOException e) {
      throw new IllegalArgumentException("it is not JSON", e);
    }
    JsonNode timm = timm(root);
    if (timm.path("input_size").isArray()) {
      return new PreprocessingConfig(timm).ofTimm();
    }
    if (isHuggingFace(root)) {
      return new PreprocessingConfig(root).ofHuggingFace();
    }
    throw new IllegalArgumentException(
        "it holds neither timm's input_size nor Hugging Face's image_mean; name the"
            + " config.json of timm or the preprocessor_config.json");
  }

  /** As timm's create_transform does for evaluation. */
  private String ofTimm() {
    JsonNode size = config.path("input_size");
    int height = size.path(1).asInt();
    int width = size.path(SIDES).asInt();
    double share = config.path("crop_pct").asDouble(0.875);
    if (size.path(0).asInt() != 3 || height < 1 || width < 1 || !(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "input_size = " + size + " and crop_pct = " + share + " describe no RGB input");
    }
    String mode = config.path("crop_mode").asText("center");
    int scaledHeight = (int) Math.floor(height / share);
    int scaledWidth = (int) Math.floor(width / share);
    if (mode.equals("squash")) {
      parts.add("resize=exact:" + scaledHeight + "x" + scaledWidth);
    } else if (mode.equals("center") && height == width) {
      parts.add("resize=shorter:" + scaledHeight);
    } else {
      throw new IllegalArgumentException(
          "crop_mode = " + mode + " of " + height + "x" + width + " is none of Pare's");
    }
    parts.add("crop=centre:" + height + "x" + width);
    parts.add("interpolation=" + config.path("interpolation").asText("bilinear"));
    return normalized("1/255", "mean", "std");
  }

  /** As the image processors of transformers do. */
  private String ofHuggingFace() {
    JsonNode size = config.path("size");
    boolean resized = config.path("do_resize").asBoolean(true);
    boolean cropped = config.path("do_center_crop").asBoolean(false);
    if (config.path("crop_pct").isNumber()) {
      convNext(shorter(size));
    } else {
      parts.add("resize=" + (resized ? resize(size, cropped) : "none"));
      parts.add("crop=" + (cropped ? "centre:" + sides(config.path("crop_size")) : "none"));
    }
    parts.add("interpolation=" + interpolation(config.path("resample").asInt(2)));
    String scale =
        config.path("do_rescale").asBoolean(true)
            ? config.path("rescale_factor").asText("1/255")
            : "1";
    if (!config.path("do_normalize").asBoolean(true)) {
      parts.addAll(List.of("channels=rgb", "layout=nchw", "scale=" + scale, "mean=0", "std=1"));
      return String.join(",", parts);
    }
    return normalized(scale, "image_mean", "image_std");
  }

  /** ConvNeXT's rule: a centre crop below 384 pixels, from there on the whole image. */
  private void convNext(int side) {
    if (side < 384) {
      parts.add("resize=shorter:" + (int) (side / config.path("crop_pct").asDouble()));
      parts.add("crop=centre:" + side + "x" + side);
    } else {
      parts.add("resize=exact:" + side + "x" + side);
      parts.add("crop=none");
    }
  }

  private static int shorter(JsonNode size) {
    return size.isInt() ? size.asInt() : size.path("shortest_edge").asInt();
  }

  private static String resize(JsonNode size, boolean cropped) {
    return size.has("shortest_edge") || (size.isInt() && cropped)
        ? "shorter:" + shorter(size)
        : "exact:" + sides(size);
  }

  private static String sides(JsonNode size) {
    int height = size.isInt() ? size.asInt() : size.path("height").asInt();
    int width = size.isInt() ? size.asInt() : size.path("width").asInt();
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException("the size " + size + " has no height and width");
    }
    return height + "x" + width;
  }

  /** Pillow's numbers. */
  private static String interpolation(int resample) {
    return switch (resample) {
      case 2 -> "bilinear";
      case 3 -> "bicubic";
      default ->
          throw new IllegalArgumentException(
              "resample = " + resample + ": only 2 (bilinear) and 3 (bicubic) are Pare's");
    };
  }

  private String normalized(String scale, String mean, String std) {
    parts.addAll(List.of("channels=rgb", "layout=nchw", "scale=" + scale));
    parts.add("mean=" + three(mean));
    parts.add("std=" + three(std));
    return String.join(",", parts);
  }

  private String three(String key) {
    List<String> numbers = new ArrayList<>();
    config.path(key).forEach(number -> numbers.add(number.asText()));
    if (numbers.size() != 3) {
      throw new IllegalArgumentException(key + " must be three numbers: " + config.path(key));
    }
    return numbers.stream().collect(Collectors.joining(":"));
  }
}
