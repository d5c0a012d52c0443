package io.pare.stage;

import com.codahale.metrics.Gauge;
import io.pare.stage.spark.RunCounters;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.SparkContext;
import org.apache.spark.api.plugin.DriverPlugin;
import org.apache.spark.api.plugin.ExecutorPlugin;
import org.apache.spark.api.plugin.PluginContext;
import org.apache.spark.api.plugin.SparkPlugin;

/**
 * Gauges in Spark's own metrics, for Prometheus and the like; switched on by {@code spark.plugins},
 * as conf/spark-defaults.conf says. On each executor {@code images.read}, {@code images.bad} and
 * {@code layers.solved} (a layer counts once for each family of candidates); on the driver {@code
 * phase.NAME}, the networks that are in this phase.
 */
public final class MetricsPlugin implements SparkPlugin {

  @Override
  public DriverPlugin driverPlugin() {
    return new Phases();
  }

  @Override
  public ExecutorPlugin executorPlugin() {
    return new Work();
  }

  private static void register(PluginContext context, String name, LongAdder counter) {
    Gauge<Long> gauge = counter::sum;
    context.metricRegistry().register(name, gauge);
  }

  private static final class Phases implements DriverPlugin {
    @Override
    public Map<String, String> init(SparkContext spark, PluginContext context) {
      return Map.of();
    }

    @Override
    public void registerMetrics(String application, PluginContext context) {
      RunCounters.inPhase()
          .forEach((phase, networks) -> register(context, "phase." + phase, networks));
    }
  }

  private static final class Work implements ExecutorPlugin {
    @Override
    public void init(PluginContext context, Map<String, String> unused) {
      register(context, "images.read", RunCounters.IMAGES_READ);
      register(context, "images.bad", RunCounters.IMAGES_BAD);
      register(context, "layers.solved", RunCounters.LAYERS_SOLVED);
    }
  }
}
