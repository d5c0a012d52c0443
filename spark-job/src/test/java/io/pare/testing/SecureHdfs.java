package io.pare.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.minikdc.MiniKdc;
import org.apache.hadoop.security.UserGroupInformation;

/**
 * An HDFS of one DataNode that lets nobody in without a ticket of Kerberos, and the key
 * distribution centre that gives them, both in this JVM. It stays a secure one, so that tests which
 * use this run in a JVM of their own.
 */
public final class SecureHdfs implements AutoCloseable {
  private final Path folder;
  private final MiniKdc kdc;
  private final MiniDFSCluster cluster;

  /** Starts both; keys, configuration and blocks go into a folder. */
  public SecureHdfs(Path folder) throws Exception {
    this.folder = folder;
    kdc =
        new MiniKdc(MiniKdc.createConf(), Files.createDirectories(folder.resolve("kdc")).toFile());
    kdc.start();
    kdc.createPrincipal(keytab("hdfs").toFile(), "hdfs/localhost", "HTTP/localhost");
    Configuration configuration = configuration();
    UserGroupInformation.setConfiguration(configuration);
    UserGroupInformation.loginUserFromKeytab(
        principal("hdfs/localhost"), keytab("hdfs").toString());
    cluster = new MiniDFSCluster.Builder(configuration).numDataNodes(1).build();
    cluster.waitActive();
    write("core-site.xml", "hadoop.security.authentication", "kerberos");
    write("hdfs-site.xml", "dfs.namenode.kerberos.principal", principal("hdfs/localhost"));
  }

  private Configuration configuration() {
    Configuration configuration = new Configuration();
    configuration.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    configuration.set("hadoop.security.authentication", "kerberos");
    for (String daemon : new String[] {"namenode", "datanode"}) {
      configuration.set("dfs." + daemon + ".kerberos.principal", principal("hdfs/localhost"));
      configuration.set("dfs." + daemon + ".keytab.file", keytab("hdfs").toString());
    }
    configuration.set("dfs.web.authentication.kerberos.principal", principal("HTTP/localhost"));
    configuration.set("dfs.web.authentication.kerberos.keytab", keytab("hdfs").toString());
    configuration.set("dfs.block.access.token.enable", "true");
    // Ports below 1024 are for root, and this is no cluster that needs them.
    configuration.set("ignore.secure.ports.for.testing", "true");
    return configuration;
  }

  private void write(String file, String key, String value) throws IOException {
    Configuration site = new Configuration(false);
    site.set(key, value);
    try (OutputStream out = Files.newOutputStream(clientConfiguration().resolve(file))) {
      site.writeXml(out);
    }
  }

  /** The folder that {@code HADOOP_CONF_DIR} names for clients. */
  public Path clientConfiguration() throws IOException {
    return Files.createDirectories(folder.resolve("conf"));
  }

  /** The file that Java's option {@code java.security.krb5.conf} names for clients. */
  public Path realmConfiguration() {
    return kdc.getKrb5conf().toPath();
  }

  /** Makes somebody known to the centre, and a keytab that holds the key. */
  public Path register(String user) throws Exception {
    kdc.createPrincipal(keytab(user).toFile(), user);
    return keytab(user);
  }

  /** A user's name in full. */
  public String principal(String user) {
    return user + "@" + kdc.getRealm();
  }

  private Path keytab(String user) {
    return folder.resolve(user + ".keytab");
  }

  /** The file system, as its own superuser sees it. */
  public DistributedFileSystem fileSystem() throws IOException {
    return cluster.getFileSystem();
  }

  /** A path on it in full. */
  public String path(String absolute) {
    return cluster.getURI() + absolute;
  }

  @Override
  public void close() {
    cluster.shutdown(true);
    kdc.stop();
  }
}
