package io.pare.testing;

import io.pare.io.block.EncodedImage;
import io.pare.io.image.BadImageException;
import io.pare.io.image.ImageDecoder;
import io.pare.io.preprocessing.Preprocessing;
import io.pare.io.source.ImageSource;
import io.pare.io.source.SourceOptions;
import io.pare.model.InputShape;
import io.pare.model.inference.InferenceSession;
import io.pare.model.proto.Onnx;
import io.pare.model.read.ExternalData;
import io.pare.model.read.ModelReader;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/**
 * Teaches a network with seeded weights the classes of the sample's images, so far as its random
 * features tell them apart: its last layer scores how near an image is to the mean of each class.
 */
public final class ClassMeans {
  private static final int CLASSES = 10;
  private static final int IMAGES = 400;
  private static final InputShape SHAPE = new InputShape(3, 28, 28, InputShape.Layout.NCHW);

  private ClassMeans() {}

  /**
   * The network with another last layer.
   *
   * @param features tensor that the layer reads, a vector for each image
   * @param dense name of the layer, a Gemm with a transposed weight
   */
  public static byte[] learnt(byte[] network, String features, String dense) throws IOException {
    double[][] sums = sums(network, features);
    int width = sums[0].length - 1;
    float[] weights = new float[CLASSES * width];
    float[] bias = new float[CLASSES];
    for (int k = 0; k < CLASSES; k++) {
      double norm = 0;
      for (int j = 0; j < width; j++) {
        double mean = sums[k][j] / sums[k][width];
        weights[k * width + j] = (float) mean;
        norm += mean * mean;
      }
      bias[k] = (float) (-norm / 2);
    }
    Onnx.ModelProto.Builder model = Onnx.ModelProto.parseFrom(network).toBuilder();
    for (Onnx.TensorProto.Builder tensor : model.getGraphBuilder().getInitializerBuilderList()) {
      if (tensor.getName().equals(dense + ".weight")) {
        replace(tensor, ModelBuilder.floats(tensor.getName(), dims(CLASSES, width), weights));
      } else if (tensor.getName().equals(dense + ".bias")) {
        replace(tensor, ModelBuilder.floats(tensor.getName(), dims(CLASSES), bias));
      }
    }
    return model.build().toByteArray();
  }

  /** The sum of the features of each class, and behind it the number of its images. */
  private static double[][] sums(byte[] network, String features) throws IOException {
    Preprocessing preprocessing =
        Preprocessing.parse("torchvision,resize=none,crop=none,mean=0.5,std=0.5", 28, 28);
    ImageDecoder decoder = new ImageDecoder();
    Configuration configuration = new Configuration();
    ImageSource source =
        ImageSource.open(
            Sample.file("validation.parquet"), SourceOptions.defaults(), configuration);
    byte[] probe =
        ModelReader.read("probe", network, ExternalData.none())
            .withOutputs(List.of(features))
            .toBytes();
    double[][] sums = new double[CLASSES][];
    try (InferenceSession session = InferenceSession.open(probe, 1)) {
      for (EncodedImage image : ImageFiles.read(source, configuration).subList(0, IMAGES)) {
        float[] tensor = preprocessing.apply(decoder.decode(image.bytes()));
        float[] values = session.run(tensor, 1, SHAPE).get(features).values();
        if (sums[image.label()] == null) {
          sums[image.label()] = new double[values.length + 1];
        }
        for (int j = 0; j < values.length; j++) {
          sums[image.label()][j] += values[j];
        }
        sums[image.label()][values.length]++;
      }
    } catch (BadImageException e) {
      throw new IOException(e);
    }
    return sums;
  }

  private static long[] dims(long... dims) {
    return dims;
  }

  private static void replace(Onnx.TensorProto.Builder tensor, Onnx.TensorProto by) {
    tensor.clear().mergeFrom(by);
  }
}
