package io.pare.io.source;

import io.pare.InputException;
import io.pare.io.block.ImageBlock;
import io.pare.io.block.ParquetBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** Lists the rows of Parquet files, file by file and row group by row group, from their footers. */
final class ParquetListing {
  private final int blockSize;
  private final List<ImageBlock> blocks = new ArrayList<>();
  private long images;

  private ParquetListing(int blockSize) {
    this.blockSize = blockSize;
  }

  static List<ImageBlock> blocks(List<FileStatus> files, int blockSize, Configuration configuration)
      throws IOException {
    ParquetListing listing = new ParquetListing(blockSize);
    for (FileStatus file : files) {
      listing.add(file.getPath().toString(), configuration);
    }
    return listing.blocks;
  }

  private void add(String path, Configuration configuration) throws IOException {
    try (ParquetFileReader file = ParquetRowReader.open(path, configuration)) {
      ParquetImageSchema.projection(file.getFooter().getFileMetaData().getSchema(), path);
      List<BlockMetaData> rowGroups = file.getRowGroups();
      requireCodecs(path, rowGroups, configuration);
      for (int i = 0; i < rowGroups.size(); i++) {
        addRows(path, i, rowGroups.get(i).getRowCount());
      }
    } catch (InputException e) {
      throw e;
    } catch (IOException e) {
      if (!isMalformed(e)) {
        throw new IOException("cannot read " + path + ": " + e.getMessage(), e);
      }
      throw unreadable(path, e);
    } catch (RuntimeException e) {
      // What parquet-hadoop throws for a missing magic number and a garbled footer.
      throw unreadable(path, e);
    }
  }

  /** Codecs that Parquet names and does not bring are found missing before a task needs one. */
  private static void requireCodecs(
      String path, List<BlockMetaData> rowGroups, Configuration configuration) {
    rowGroups.stream()
        .flatMap(rows -> rows.getColumns().stream())
        .map(ColumnChunkMetaData::getCodec)
        .distinct()
        .forEach(
            codec -> {
              String type = codec.getHadoopCompressionCodecClassName();
              if (type != null && configuration.getClassByNameOrNull(type) == null) {
                throw InputException.data(
                    "%s is compressed with %s, for which no codec is installed here; write it with ZSTD, SNAPPY or GZIP"
                        .formatted(path, codec));
              }
            });
  }

  private static InputException unreadable(String path, Exception reason) {
    return InputException.data(
        (path + " is not a readable Parquet file: " + reason.getMessage()).replaceAll("\\s+", " ")
            + "; copy it again");
  }

  /** Tells a footer that cannot be parsed from a file system that fails: both are IOExceptions. */
  private static boolean isMalformed(IOException e) {
    return e.getCause() != null && e.getCause().getClass().getName().contains(".thrift.");
  }

  private void addRows(String path, int rowGroup, long rows) {
    for (long row = 0; row < rows; row += blockSize) {
      int count = (int) Math.min(blockSize, rows - row);
      blocks.add(new ParquetBlock(blocks.size(), images, count, path, rowGroup, row));
      images += count;
    }
  }
}
