package io.pare.stage;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Metric;
import io.pare.stage.spark.RunCounters;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToLongFunction;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gauges in Spark's own metrics, for Prometheus and the like; switched on by {@code spark.plugins},
 * as conf/spark-defaults.conf says. All of them are on the driver, whose UI is what can be asked:
 * {@code images.read}, {@code images.bad} and {@code layers.solved} (a layer counts once for each
 * family of candidates) over all executors, which report every few seconds; {@code phase.NAME}, the
 * networks that are in this phase, and {@code seconds.NAME}, what it has taken so far.
 */
public final class MetricsPlugin implements SparkPlugin {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsPlugin.class);
  private static final long PERIOD = Duration.ofSeconds(2).toMillis();

  @Override
  public DriverPlugin driverPlugin() {
    return new Watched();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Work();
  }

  /** What the process of an executor has done so far. */
  record Done(String executor, long imagesRead, long imagesBad, long layersSolved)
      implements Serializable {

    private static Done of(PluginContext context) {
      return new Done(
          context.executorID(),
          RunCounters.IMAGES_READ.sum(),
          RunCounters.IMAGES_BAD.sum(),
          RunCounters.LAYERS_SOLVED.sum());
    }

    private Done since(Done start) {
      return new Done(
          executor,
          imagesRead - start.imagesRead,
          imagesBad - start.imagesBad,
          layersSolved - start.layersSolved);
    }
  }

  private static final class Watched implements DriverPlugin {
    private final Map<String, Done> byExecutor = new ConcurrentHashMap<>();

    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      return Map.of();
    }

    @Override
    public Object receive(Object message) {
      Done done = (Done) message;
      byExecutor.put(done.executor(), done);
      return null; // what Spark expects of a message that wants no answer
    }

    @Override
    public void registerMetrics(String application, PluginContext context) {
      register(context, "images.read", total(Done::imagesRead));
      register(context, "images.bad", total(Done::imagesBad));
      register(context, "layers.solved", total(Done::layersSolved));
      RunCounters.inPhase()
          .forEach((phase, networks) -> register(context, "phase." + phase, networks::sum));
      RunCounters.secondsOfPhase()
          .forEach((phase, seconds) -> register(context, "seconds." + phase, seconds::sum));
    }

    private Gauge<Long> total(ToLongFunction<Done> figure) {
      return () -> byExecutor.values().stream().mapToLong(figure).sum();
    }

    private static <T extends Number> void register(
        PluginContext context, String name, Gauge<T> gauge) {
      Metric metric = gauge;
      context.metricRegistry().register(name, metric);
    }
  }

  private static final class Work implements ExecutorPlugin {
    private final Timer clock = new Timer("metrics", true);
    private PluginContext context;
    private Done start;

    @Override
    public void init(PluginContext its, Map<String, String> unused) {
      context = its;
      start = Done.of(its);
      TimerTask report =
          new TimerTask() {
            @Override
            public void run() {
              tell();
            }
          };
      clock.schedule(report, PERIOD, PERIOD);
    }

    private void tell() {
      try {
        context.send(Done.of(context).since(start));
      } catch (IOException | RuntimeException e) {
        LOG.debug("the driver does not listen", e);
      }
    }

    @Override
    public void shutdown() {
      clock.cancel();
      tell();
    }
  }
}
