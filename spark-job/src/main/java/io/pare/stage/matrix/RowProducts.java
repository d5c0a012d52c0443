package io.pare.stage.matrix;

import io.pare.algorithm.statistics.ExactScale;
import io.pare.algorithm.statistics.LayerProblem;
import io.pare.algorithm.statistics.LayerStatistics;
import io.pare.algorithm.statistics.PairedBlock;
import io.pare.algorithm.statistics.SampleProducts;
import io.pare.algorithm.statistics.Samples;
import io.pare.algorithm.structure.LayerShape;
import io.pare.stage.spark.Iterators;
import io.pare.stage.spark.TaskRunner;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.mllib.linalg.Matrix;
import org.apache.spark.mllib.linalg.distributed.BlockMatrix;
import scala.Tuple2;

/**
 * The products of a wide layer in the space of its samples: with X all samples, row after row, and
 * W the weights, {@code X X^T} and {@code W X^T}. Every row is scaled and rounded by its own power
 * of two, so that sums over the columns are exact.
 */
final class RowProducts {
  private static final int ROWS = 1024;
  private static final int LARGEST_WIDTH = 2048;

  private RowProducts() {}

  /**
   * Gathers products.
   *
   * @param samples in one partition
   * @param source of the layer group
   */
  static JavaRDD<LayerStatistics> gather(
      JavaRDD<PairedBlock> samples, WideStatistics.Source source, TaskRunner tasks) {
    LayerShape shape = source.get().shape();
    SampleCounts counts = samples.mapPartitions(new CountRows()).first();
    BlockGrid columns = BlockGrid.of(shape.columns(), LARGEST_WIDTH);
    // Whole blocks of samples, the last filled up with zeros: the weights begin a block of their
    // own.
    BlockGrid rows = BlockGrid.whole(counts.samples(), ROWS);
    BlockGrid all = new BlockGrid(rows.length() + shape.outputs(), ROWS);
    try (Blocks blocks =
        Blocks.spread(
            samples.mapPartitions(new CutRows(source, rows, columns)),
            all.blocks() * rows.blocks())) {
      BlockMatrix stacked = blocks.matrix(0, all, columns);
      BlockMatrix x = blocks.matrix(0, rows, columns);
      return WideStatistics.kept(
          Blocks.product(stacked, x.transpose(), columns)
              .coalesce(1)
              .mapPartitions(new PutTogether(counts, rows, all, source, tasks)));
    }
  }

  private static final class CountRows
      implements FlatMapFunction<Iterator<PairedBlock>, SampleCounts> {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<SampleCounts> call(Iterator<PairedBlock> blocks) {
      List<Integer> fit = new ArrayList<>();
      List<Integer> heldOut = new ArrayList<>();
      while (blocks.hasNext()) {
        PairedBlock block = blocks.next();
        fit.add(block.inputs().fit().rows());
        heldOut.add(block.inputs().heldOut().rows());
      }
      return List.of(
              new SampleCounts(
                  fit.stream().mapToInt(Integer::intValue).toArray(),
                  heldOut.stream().mapToInt(Integer::intValue).toArray()))
          .iterator();
    }
  }

  private static final class CutRows
      implements FlatMapFunction<Iterator<PairedBlock>, Tuple2<Tuple2<Object, Object>, Matrix>> {
    private static final long serialVersionUID = 1L;
    private final WideStatistics.Source source;
    private final BlockGrid rows;
    private final BlockGrid columns;

    CutRows(WideStatistics.Source source, BlockGrid rows, BlockGrid columns) {
      this.source = source;
      this.rows = rows;
      this.columns = columns;
    }

    @Override
    public Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> call(Iterator<PairedBlock> blocks) {
      LayerProblem problem = source.get();
      Samples weights = problem.kernel();
      Iterator<Samples> samples =
          Iterators.flatMapping(
              blocks, block -> List.of(block.inputs().fit(), block.inputs().heldOut()).iterator());
      RowChunks chunks = new RowChunks(samples, columns.length(), rows.size());
      Iterator<Samples> whole = Iterators.mapping(chunks, chunk -> chunk.filledUp(rows.size()));
      Iterator<Samples> ofWeights =
          new RowChunks(List.of(weights).iterator(), columns.length(), rows.size());
      return Iterators.flatMapping(
          List.of(cut(whole, 0), cut(ofWeights, rows.blocks())).iterator(), part -> part);
    }

    private Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> cut(
        Iterator<Samples> chunks, int firstRow) {
      Iterator<Integer> places = IntStream.iterate(firstRow, place -> place + 1).iterator();
      return Iterators.flatMapping(
          chunks,
          chunk -> {
            ExactScale[] scales = scales(chunk);
            return Blocks.cut(
                    places.next(), 0, chunk, columns, (its, i, j) -> scales[i].round(its.at(i, j)))
                .iterator();
          });
    }

    private static ExactScale[] scales(Samples chunk) {
      ExactScale[] scales = new ExactScale[chunk.rows()];
      for (int i = 0; i < scales.length; i++) {
        float largest = 0;
        for (int j = 0; j < chunk.columns(); j++) {
          largest = Math.max(largest, Math.abs(chunk.at(i, j)));
        }
        scales[i] = ExactScale.of(largest, chunk.columns());
      }
      return scales;
    }
  }

  private static final class PutTogether
      implements FlatMapFunction<
          Iterator<Tuple2<Tuple2<Object, Object>, Matrix>>, LayerStatistics> {
    private static final long serialVersionUID = 1L;
    private final SampleCounts counts;
    private final BlockGrid rows;
    private final BlockGrid all;
    private final WideStatistics.Source source;
    private final TaskRunner tasks;

    PutTogether(
        SampleCounts counts,
        BlockGrid rows,
        BlockGrid all,
        WideStatistics.Source source,
        TaskRunner tasks) {
      this.counts = counts;
      this.rows = rows;
      this.all = all;
      this.source = source;
      this.tasks = tasks;
    }

    @Override
    public Iterator<LayerStatistics> call(Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> blocks) {
      LayerProblem problem = source.get();
      return List.<LayerStatistics>of(
              tasks.run(problem.name() + ", statistics", () -> products(problem, blocks)))
          .iterator();
    }

    private SampleProducts products(
        LayerProblem problem, Iterator<Tuple2<Tuple2<Object, Object>, Matrix>> blocks) {
      int[] places = counts.places();
      int samples = places.length;
      io.pare.algorithm.dense.Matrix gram = io.pare.algorithm.dense.Matrix.zeros(samples, samples);
      io.pare.algorithm.dense.Matrix projections =
          io.pare.algorithm.dense.Matrix.zeros(problem.shape().outputs(), samples);
      Blocks.read(
          blocks,
          all,
          rows,
          (i, j, value) -> {
            if (j >= samples) {
              return;
            }
            if (i < samples) {
              gram.set(places[i], places[j], value);
            } else if (i >= rows.length()) {
              projections.set(i - rows.length(), places[j], value);
            }
          });
      return SampleProducts.centred(
          IntStream.of(counts.fit()).sum(),
          gram,
          projections,
          SampleProducts.energy(problem.kernel()));
    }
  }
}
