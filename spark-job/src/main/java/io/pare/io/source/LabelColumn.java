package io.pare.io.source;

import io.pare.io.block.EncodedImage;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.statistics.IntStatistics;
import org.apache.parquet.column.statistics.LongStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/** Checks the labels of a Parquet file, from its statistics where they suffice. */
final class LabelColumn {
  private LabelColumn() {}

  /** A stored label as a class index; data sets write -1 for an unknown class. */
  static int classIndex(long stored) {
    return stored < 0 ? EncodedImage.NO_LABEL : (int) Math.min(stored, Integer.MAX_VALUE);
  }

  static void check(String path, Configuration configuration, LabelCheck check) throws IOException {
    try (ParquetFileReader file = ParquetRowReader.open(path, configuration)) {
      MessageType schema = file.getFooter().getFileMetaData().getSchema();
      Optional<Type> label = ParquetImageSchema.label(schema, path);
      if (label.isPresent()) {
        file.setRequestedSchema(new MessageType(schema.getName(), label.get()));
      }
      for (int i = 0; i < file.getRowGroups().size(); i++) {
        BlockMetaData rowGroup = file.getRowGroups().get(i);
        if (label.isEmpty()) {
          addUnlabelled(path, rowGroup, check);
        } else if (provenGood(rowGroup, check)) {
          check.addGood(rowGroup.getRowCount());
        } else {
          addRows(path, label.get(), rowGroup, file.readRowGroup(i), check);
        }
      }
    }
  }

  private static void addUnlabelled(String path, BlockMetaData rowGroup, LabelCheck check) {
    for (long row = 0; row < rowGroup.getRowCount(); row++) {
      check.add(rowName(path, rowGroup, row), EncodedImage.NO_LABEL);
    }
  }

  private static boolean provenGood(BlockMetaData rowGroup, LabelCheck check) {
    for (ColumnChunkMetaData column : rowGroup.getColumns()) {
      if (column.getPath().toDotString().equals(ParquetImageSchema.LABEL)) {
        Statistics<?> statistics = column.getStatistics();
        if (!statistics.hasNonNullValue() || statistics.getNumNulls() != 0) {
          return false;
        }
        if (statistics instanceof LongStatistics range) {
          return check.accepts(range.getMin()) && check.accepts(range.getMax());
        }
        return statistics instanceof IntStatistics range
            && check.accepts(range.getMin())
            && check.accepts(range.getMax());
      }
    }
    return false;
  }

  private static void addRows(
      String path, Type label, BlockMetaData rowGroup, PageReadStore pages, LabelCheck check) {
    MessageType schema = new MessageType("labels", label);
    RecordReader<Group> rows =
        new ColumnIOFactory()
            .getColumnIO(schema)
            .getRecordReader(pages, new GroupRecordConverter(schema));
    for (long row = 0; row < rowGroup.getRowCount(); row++) {
      Group group = rows.read();
      boolean known = group.getFieldRepetitionCount(0) == 1;
      check.add(
          rowName(path, rowGroup, row),
          known ? Long.parseLong(group.getValueToString(0, 0)) : EncodedImage.NO_LABEL);
    }
  }

  private static String rowName(String path, BlockMetaData rowGroup, long row) {
    return path.substring(path.lastIndexOf('/') + 1)
        + " row "
        + (Math.max(0, rowGroup.getRowIndexOffset()) + row);
  }
}
