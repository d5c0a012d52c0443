package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.block.EncodedImage;
import io.pare.io.block.ImageEntry;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * Labels of images that are files.
 *
 * @param indices class index of each image, in the order of the images
 * @param classes names of the classes by index
 */
@SuppressWarnings("ArrayRecordComponent") // handed over once, from where it is made to the blocks
record Labels(int[] indices, ClassNames classes) {

  /**
   * Labels from a file where the user gave one, else from folders, else none.
   *
   * @param images in the order of the data set
   */
  static Labels of(
      String location, List<ImageEntry> images, SourceOptions options, Configuration configuration)
      throws IOException {
    if (options.labels().isPresent() && options.groundTruth().isPresent()) {
      throw InputException.usage(
          "both a labels file (%s) and a ground truth (%s) are given; leave out one"
              .formatted(options.labels().get(), options.groundTruth().get()));
    }
    if (options.synsetIds().isPresent() && options.groundTruth().isEmpty()) {
      throw InputException.usage(
          "synset ids (%s) explain the numbers of a ground truth, and none is given"
              .formatted(options.synsetIds().get()));
    }
    Optional<ClassNames> classes = Optional.empty();
    if (options.synsets().isPresent()) {
      classes = Optional.of(ClassNames.read(options.synsets().get(), configuration));
    }
    ClassNames names = classes.orElse(ClassNames.UNKNOWN);
    if (options.labels().isPresent()) {
      LabelFile file = LabelFile.read(options.labels().get(), classes, configuration);
      return new Labels(file.labels(location, images), names);
    }
    if (options.groundTruth().isPresent()) {
      GroundTruth truth = GroundTruth.read(options, classes, configuration);
      return new Labels(truth.labels(location, images.size()), names);
    }
    return byFolder(location, images, classes);
  }

  private static Labels byFolder(
      String location, List<ImageEntry> images, Optional<ClassNames> given) {
    FirstFive loose = new FirstFive();
    TreeSet<String> folders = new TreeSet<>();
    for (ImageEntry image : images) {
      if (image.className().isEmpty()) {
        loose.add(image.name());
      } else {
        folders.add(image.className());
      }
    }
    if (folders.isEmpty()) {
      int[] unknown = new int[images.size()];
      Arrays.fill(unknown, EncodedImage.NO_LABEL);
      return new Labels(unknown, given.orElse(ClassNames.UNKNOWN));
    }
    if (!loose.isEmpty()) {
      throw InputException.data(
          "%s: %d images lie beside the %d class folders: %s; move them into a folder or away"
              .formatted(location, loose.count(), folders.size(), loose));
    }
    ClassNames classes = given.orElseGet(() -> ClassNames.ofFolders(location, folders));
    FirstFive foreign = new FirstFive();
    folders.stream().filter(folder -> classes.index(folder).isEmpty()).forEach(foreign::add);
    if (!foreign.isEmpty()) {
      throw InputException.data(
          "%s: %d of %d class folders are not in the %s: %s"
              .formatted(location, foreign.count(), folders.size(), classes.origin(), foreign));
    }
    int[] indices =
        images.stream().mapToInt(image -> classes.index(image.className()).orElseThrow()).toArray();
    return new Labels(indices, classes);
  }
}
