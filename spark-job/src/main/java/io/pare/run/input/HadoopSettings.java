package io.pare.run.input;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** What Hadoop's file systems are told where no Spark application is there yet, or none starts. */
public final class HadoopSettings {
  private HadoopSettings() {}

  /** Hadoop's own files, and over them {@code spark.hadoop.*}, as an application has them. */
  public static Configuration ofProcess() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }
}
