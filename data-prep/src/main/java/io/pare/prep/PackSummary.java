package io.pare.prep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pare.io.block.EncodedImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The account of a packed data set, as JSON: what is in it, what was left out, what made it. */
final class PackSummary {
  private final List<ShardResult> shards;
  private final List<String> classNames;
  private final BadImages bad = new BadImages();
  private final TreeMap<Integer, Long> perClass = new TreeMap<>();

  /** The summary of shards that are given in their order. */
  PackSummary(List<ShardResult> shards, List<String> classNames) {
    this.shards = List.copyOf(shards);
    this.classNames = List.copyOf(classNames);
    for (ShardResult shard : shards) {
      bad.addAll(shard.bad());
      shard.perClass().forEach((label, count) -> perClass.merge(label, count, Long::sum));
    }
  }

  BadImages bad() {
    return bad;
  }

  long images() {
    return shards.stream().mapToLong(ShardResult::images).sum();
  }

  long bytes() {
    return shards.stream().mapToLong(ShardResult::bytes).sum();
  }

  /** Number of classes that have an image. */
  long classes() {
    return perClass.keySet().stream().filter(label -> label != EncodedImage.NO_LABEL).count();
  }

  /** The summary as a JSON document. */
  String json(List<String> command, Map<String, String> versions) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("images", images());
    root.put("bytes", bytes());
    ObjectNode counts = root.putObject("images_per_class");
    perClass.forEach((label, count) -> counts.put(className(label), count));
    ObjectNode left = root.putObject("bad_images");
    left.put("count", bad.count());
    ObjectNode reasons = left.putObject("reasons");
    bad.counts()
        .forEach(
            (reason, count) -> {
              ObjectNode entry = reasons.putObject(reason);
              entry.put("count", count);
              bad.names(reason).forEach(entry.putArray("first_names")::add);
            });
    ArrayNode files = root.putArray("files");
    for (ShardResult shard : shards) {
      files
          .addObject()
          .put("name", shard.file())
          .put("images", shard.images())
          .put("bytes", shard.bytes())
          .put("sha256", shard.sha256());
    }
    command.forEach(root.putArray("command")::add);
    ObjectNode programs = root.putObject("versions");
    versions.forEach(programs::put);
    try {
      return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(root)
          + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
    }
  }

  private String className(int label) {
    if (label == EncodedImage.NO_LABEL) {
      return "unlabelled";
    }
    return label < classNames.size() ? classNames.get(label) : Integer.toString(label);
  }
}
