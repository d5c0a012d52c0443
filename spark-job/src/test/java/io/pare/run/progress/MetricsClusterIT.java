package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.run.CompressionRun;
import io.pare.testing.ClusterTest;
import io.pare.testing.SparkSubmit;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus is given, by the settings of conf/spark-defaults.conf without their mark. */
class MetricsClusterIT {
  private static final Pattern SETTING =
      Pattern.compile("# (spark\\.(?:plugins|metrics)\\S*)\\s+(\\S+)");
  private static final Pattern GAUGE =
      Pattern.compile(
          "metrics_pare_driver_plugin_io_pare_stage_MetricsPlugin_(\\w+)_Value\\{.*} (.+)");

  @TempDir private Path folder;

  @Test
  void theDriverHasEachGaugeOnceOverAllExecutorsWithTheSecondsOfThePhases() throws Exception {
    Map<String, String> settings = settings();
    assertThat(settings).hasSize(4);
    settings.put("spark.ui.enabled", "true");
    settings.put("spark.ui.port", "0");
    try (JavaSparkContext spark = ClusterTest.start(2, "metrics", settings)) {
      CompressionRun.quick(spark, folder);

      Map<String, Double> gauges = gauges(spark);
      for (int attempt = 0; attempt < 100 && gauges.get("images_read") < 60; attempt++) {
        Thread.sleep(100);
        gauges = gauges(spark);
      }
      assertThat(gauges).containsEntry("images_read", 60.0).containsEntry("images_bad", 0.0);
      assertThat(gauges.get("layers_solved")).isPositive();
      for (String phase : new String[] {"prepare_images", "gather", "solve", "refit"}) {
        assertThat(gauges).containsEntry("phase_" + phase, 0.0);
        assertThat(gauges.get("seconds_" + phase)).as(phase).isPositive();
      }
    }
  }

  private static Map<String, String> settings() throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    Path conf = SparkSubmit.repository().resolve("conf/spark-defaults.conf");
    Matcher setting = SETTING.matcher(Files.readString(conf));
    while (setting.find()) {
      settings.put(setting.group(1), setting.group(2));
    }
    return settings;
  }

  /** All of them, by name; one that is there twice fails the test. */
  private static Map<String, Double> gauges(JavaSparkContext spark) throws IOException {
    String page = spark.sc().uiWebUrl().get() + "/metrics/prometheus/";
    String text;
    try (InputStream in = URI.create(page).toURL().openStream()) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Map<String, Double> gauges = new LinkedHashMap<>();
    Matcher gauge = GAUGE.matcher(text);
    while (gauge.find()) {
      assertThat(gauges.put(gauge.group(1), Double.valueOf(gauge.group(2))))
          .as(gauge.group(1))
          .isNull();
    }
    assertThat(gauges).as(text).isNotEmpty();
    return gauges;
  }
}
