package io.pare.io.block;

/**
 * Consecutive rows of one row group of a Parquet file.
 *
 * @param index place among the blocks of the data set
 * @param firstId id of the first row's image
 * @param count number of rows
 * @param path the file, with scheme and authority
 * @param rowGroup row group in the file, from 0
 * @param firstRow first row in the row group, from 0
 */
public record ParquetBlock(
    int index, long firstId, int count, String path, int rowGroup, long firstRow)
    implements ImageBlock {

  public ParquetBlock {
    if (index < 0 || firstId < 0 || count < 1 || rowGroup < 0 || firstRow < 0) {
      throw new IllegalArgumentException(
          "block %d of %s: %d rows from row %d of row group %d, id %d"
              .formatted(index, path, count, firstRow, rowGroup, firstId));
    }
  }
}
