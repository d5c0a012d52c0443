package io.pare.io.source;

import io.pare.io.block.EncodedImage;
import io.pare.io.block.ParquetBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Reads images from one Parquet file, holding one row group in memory: blocks of one row group,
 * asked for in order, read it from the file once. Not thread-safe.
 */
final class ParquetRowReader implements Closeable {
  private final String path;
  private final ParquetFileReader file;
  private final MessageType projection;
  private final MessageColumnIO columns;
  private RecordReader<Group> rows;
  private int rowGroup = -1;
  private long nextRow;

  ParquetRowReader(String path, Configuration configuration) throws IOException {
    this.path = path;
    this.file = open(path, configuration);
    this.projection =
        ParquetImageSchema.projection(file.getFooter().getFileMetaData().getSchema(), path);
    file.setRequestedSchema(projection);
    this.columns = new ColumnIOFactory().getColumnIO(projection);
  }

  /** Opens a file so that pages that carry a checksum are checked against it. */
  static ParquetFileReader open(String path, Configuration configuration) throws IOException {
    Path hadoopPath = new Path(path);
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(hadoopPath, configuration),
        HadoopReadOptions.builder(configuration, hadoopPath)
            .usePageChecksumVerification(true)
            .build());
  }

  String path() {
    return path;
  }

  List<EncodedImage> read(ParquetBlock block) throws IOException {
    try {
      return readRows(block);
    } catch (IOException | RuntimeException e) {
      // A damaged page shows itself as anything, down to a negative array size.
      throw new IOException(
          "cannot read row group " + block.rowGroup() + " of " + path + ": " + e.getMessage(), e);
    }
  }

  private List<EncodedImage> readRows(ParquetBlock block) throws IOException {
    if (block.rowGroup() != rowGroup || block.firstRow() < nextRow) {
      openRowGroup(block.rowGroup());
    }
    while (nextRow < block.firstRow()) {
      nextRow();
    }
    List<EncodedImage> images = new ArrayList<>(block.count());
    for (int i = 0; i < block.count(); i++) {
      images.add(image(block.firstId() + i, nextRow()));
    }
    return images;
  }

  private void openRowGroup(int index) throws IOException {
    rows = null; // the pages held so far may go before the next ones come
    PageReadStore pages = file.readRowGroup(index);
    rows = columns.getRecordReader(pages, new GroupRecordConverter(projection));
    rowGroup = index;
    nextRow = 0;
  }

  private Group nextRow() {
    nextRow++;
    return rows.read();
  }

  private EncodedImage image(long id, Group row) {
    byte[] bytes = new byte[0];
    String name = path.substring(path.lastIndexOf('/') + 1) + "#" + id;
    if (row.getFieldRepetitionCount(ParquetImageSchema.IMAGE) == 1) {
      Group image = row.getGroup(ParquetImageSchema.IMAGE, 0);
      if (image.getFieldRepetitionCount(ParquetImageSchema.BYTES) == 1) {
        bytes = image.getBinary(ParquetImageSchema.BYTES, 0).getBytes();
      }
      if (image.getType().containsField(ParquetImageSchema.PATH)
          && image.getFieldRepetitionCount(ParquetImageSchema.PATH) == 1) {
        name = image.getString(ParquetImageSchema.PATH, 0);
      }
    }
    return new EncodedImage(id, name, label(row), bytes);
  }

  private static int label(Group row) {
    if (!row.getType().containsField(ParquetImageSchema.LABEL)
        || row.getFieldRepetitionCount(ParquetImageSchema.LABEL) == 0) {
      return EncodedImage.NO_LABEL;
    }
    return LabelColumn.classIndex(
        Long.parseLong(
            row.getValueToString(row.getType().getFieldIndex(ParquetImageSchema.LABEL), 0)));
  }

  @Override
  public void close() throws IOException {
    rows = null;
    file.close();
  }
}
