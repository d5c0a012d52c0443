package io.pare.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.nodemanager.NodeManager;
import org.apache.hadoop.yarn.server.resourcemanager.ResourceManager;

/**
 * YARN's own ResourceManager and one NodeManager on the loopback address, whose containers are
 * processes of this machine, with the local file system in place of HDFS.
 */
public final class YarnCluster implements AutoCloseable {
  private final ResourceManager resources = new ResourceManager();
  private final NodeManager node = new NodeManager();
  private final Path folder;

  /** Starts both; containers, logs and the configuration of clients go into the folder. */
  public YarnCluster(Path folder) {
    this.folder = folder;
    try {
      resources.init(configuration());
      resources.start();
      node.init(new YarnConfiguration(resources.getConfig()));
      node.start();
      Files.createDirectories(clients());
      // Now it holds the ports that were given.
      try (OutputStream site = Files.newOutputStream(clients().resolve("yarn-site.xml"))) {
        resources.getConfig().writeXml(site);
      }
    } catch (IOException e) {
      close();
      throw new UncheckedIOException(e);
    }
  }

  private YarnConfiguration configuration() {
    YarnConfiguration configuration = new YarnConfiguration();
    for (String service :
        new String[] {"", ".scheduler", ".resource-tracker", ".admin", ".webapp"}) {
      configuration.set("yarn.resourcemanager" + service + ".address", "127.0.0.1:0");
    }
    for (String service : new String[] {"", ".localizer", ".webapp", ".collector-service"}) {
      configuration.set("yarn.nodemanager" + service + ".address", "127.0.0.1:0");
    }
    configuration.set(
        "yarn.resourcemanager.scheduler.class",
        "org.apache.hadoop.yarn.server.resourcemanager.scheduler.fifo.FifoScheduler");
    configuration.setInt("yarn.scheduler.minimum-allocation-mb", 256);
    configuration.setInt("yarn.nodemanager.resource.memory-mb", 6144);
    configuration.setInt("yarn.nodemanager.resource.cpu-vcores", 4);
    // A container that takes more memory than it asked for is killed, as in production.
    configuration.setBoolean("yarn.nodemanager.pmem-check-enabled", true);
    configuration.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    configuration.setFloat(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", 100);
    configuration.set("yarn.nodemanager.local-dirs", folder.resolve("local").toString());
    configuration.set("yarn.nodemanager.log-dirs", logs().toString());
    // Logs of containers outlive them, for the messages of tests.
    configuration.setInt("yarn.nodemanager.delete.debug-delay-sec", 600);
    configuration.set("fs.defaultFS", "file:///");
    return configuration;
  }

  /** What HADOOP_CONF_DIR takes. */
  public Path clients() {
    return folder.resolve("conf");
  }

  /** Where containers log, one folder each. */
  public Path logs() {
    return folder.resolve("logs");
  }

  /** Ends both. */
  @Override
  public void close() {
    node.stop();
    resources.stop();
  }
}
