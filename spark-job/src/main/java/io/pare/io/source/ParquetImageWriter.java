package io.pare.io.source;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pare.io.block.EncodedImage;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes images as one Parquet file in the schema of Hugging Face image data sets, which {@link
 * ImageSource} reads: {@code image struct<bytes: binary, path: string>, label int64}.
 *
 * <p>The same images give the same bytes. Nothing is compressed: encoded images do not shrink. Not
 * thread-safe.
 */
public final class ParquetImageWriter implements Closeable {
  /** Row group size where nothing else is said: 16 MiB, about 150 photographs. */
  public static final long DEFAULT_ROW_GROUP_BYTES = 16L << 20;

  /** Most rows in a row group: what a reader may hold of very small images. */
  private static final int ROW_GROUP_ROWS = 1_000;

  private static final String BYTES_COLUMN =
      ParquetImageSchema.IMAGE + "." + ParquetImageSchema.BYTES;
  private static final String PATH_COLUMN =
      ParquetImageSchema.IMAGE + "." + ParquetImageSchema.PATH;

  private final ParquetWriter<EncodedImage> writer;

  /**
   * Starts a file.
   *
   * @param file where to; must not exist
   * @param classNames names of the classes by index, kept in the footer; empty if unknown
   * @param rowGroupBytes a row group ends with the image that passes this size, at least 1
   * @throws IOException if the file cannot be created
   */
  public ParquetImageWriter(
      OutputFile file, List<String> classNames, long rowGroupBytes, Configuration configuration)
      throws IOException {
    this.writer =
        new Builder(file, classNames)
            .withConf(configuration)
            .withWriteMode(ParquetFileWriter.Mode.CREATE)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .withRowGroupSize(rowGroupBytes)
            .withRowGroupRowCountLimit(ROW_GROUP_ROWS)
            // Images are large and uneven: weigh each, instead of guessing from the first hundred.
            .withMinRowCountForPageSizeCheck(1)
            .withMaxRowCountForPageSizeCheck(1)
            .withMaxPaddingSize(0)
            .withDictionaryEncoding(BYTES_COLUMN, false)
            .withDictionaryEncoding(PATH_COLUMN, false)
            .withStatisticsEnabled(BYTES_COLUMN, false)
            .withPageWriteChecksumEnabled(true)
            .build();
  }

  /** Appends an image; its id is its place. {@link EncodedImage#NO_LABEL} is written as null. */
  public void write(EncodedImage image) throws IOException {
    writer.write(image);
  }

  /** Writes the footer. Without it the file is not readable. */
  @Override
  public void close() throws IOException {
    writer.close();
  }

  /**
   * What the {@code datasets} library of Hugging Face reads from the key {@code huggingface}: the
   * meaning of the columns.
   */
  static String features(List<String> classNames) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode features = root.putObject("info").putObject("features");
    features.putObject(ParquetImageSchema.IMAGE).put("_type", "Image");
    ObjectNode label = features.putObject(ParquetImageSchema.LABEL);
    if (classNames.isEmpty()) {
      label.put("dtype", "int64").put("_type", "Value");
    } else {
      classNames.forEach(label.putArray("names")::add);
      label.put("_type", "ClassLabel");
    }
    return root.toString();
  }

  private static final class Builder extends ParquetWriter.Builder<EncodedImage, Builder> {
    private final List<String> classNames;

    Builder(OutputFile file, List<String> classNames) {
      super(file);
      this.classNames = List.copyOf(classNames);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    protected WriteSupport<EncodedImage> getWriteSupport(Configuration configuration) {
      return new ImageWriteSupport(classNames);
    }
  }

  private static final class ImageWriteSupport extends WriteSupport<EncodedImage> {
    private final List<String> classNames;
    private RecordConsumer consumer;

    ImageWriteSupport(List<String> classNames) {
      this.classNames = classNames;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract all the same
    public WriteContext init(Configuration configuration) {
      return new WriteContext(
          ParquetImageSchema.WRITTEN, Map.of("huggingface", features(classNames)));
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(EncodedImage image) {
      consumer.startMessage();
      consumer.startField(ParquetImageSchema.IMAGE, 0);
      consumer.startGroup();
      addBinary(ParquetImageSchema.BYTES, 0, Binary.fromConstantByteArray(image.bytes()));
      addBinary(ParquetImageSchema.PATH, 1, Binary.fromString(image.name()));
      consumer.endGroup();
      consumer.endField(ParquetImageSchema.IMAGE, 0);
      if (image.label() != EncodedImage.NO_LABEL) {
        consumer.startField(ParquetImageSchema.LABEL, 1);
        consumer.addLong(image.label());
        consumer.endField(ParquetImageSchema.LABEL, 1);
      }
      consumer.endMessage();
    }

    private void addBinary(String field, int index, Binary value) {
      consumer.startField(field, index);
      consumer.addBinary(value);
      consumer.endField(field, index);
    }
  }
}
