package io.pare.testing;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.pare.algorithm.statistics.Moments;
import io.pare.algorithm.statistics.SampleBlock;
import io.pare.stage.PareRegistrator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * The job's own registrator, but the moments of a layer, or the samples that it is refitted to,
 * cannot be read in the first attempts at the tasks of one Spark job: so a task fails in the middle
 * of the work on a layer, in the job's own code, which knows nothing of it. Which job and how many
 * attempts travels with the tasks.
 */
public final class FaultyRegistrator implements KryoRegistrator {
  private static final String JOB = "faulty.job";
  private static final String ATTEMPTS = "faulty.attempts";

  /**
   * Prepares the jobs that this thread starts from now on.
   *
   * @param job the first words of its description
   * @param attempts of each task that fail
   */
  public static void strike(JavaSparkContext spark, String job, int attempts) {
    spark.setLocalProperty(JOB, job);
    spark.setLocalProperty(ATTEMPTS, Integer.toString(attempts));
  }

  @Override
  public void registerClasses(Kryo kryo) {
    new PareRegistrator().registerClasses(kryo);
    kryo.register(Moments.class, new Unreadable<>(kryo, Moments.class));
    kryo.register(SampleBlock.class, new Unreadable<>(kryo, SampleBlock.class));
  }

  private static final class Unreadable<T> extends Serializer<T> {
    private final Class<T> type;
    private final Serializer<T> sound;

    @SuppressWarnings("unchecked")
    Unreadable(Kryo kryo, Class<T> type) {
      super(false, true);
      this.type = type;
      sound = kryo.getSerializer(type);
    }

    @Override
    public void write(Kryo kryo, Output output, T value) {
      sound.write(kryo, output, value);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<T> type) {
      TaskContext task = TaskContext.get();
      if (task != null && isStruck(task)) {
        throw new IllegalStateException("injected in attempt " + task.attemptNumber());
      }
      return sound.read(kryo, input, type);
    }

    private boolean isStruck(TaskContext task) {
      String job = task.getLocalProperty(JOB);
      String description = task.getLocalProperty("spark.job.description");
      return job != null
          && description != null
          && description.startsWith(job)
          && task.attemptNumber() < Integer.parseInt(task.getLocalProperty(ATTEMPTS))
          && (type == Moments.class || isFitting());
    }

    /** Samples pass through many tasks; what matters is that a fit is being made of these. */
    private static boolean isFitting() {
      return StackWalker.getInstance()
          .walk(
              frames ->
                  frames.anyMatch(frame -> frame.getClassName().contains("RefitLayersStage")));
    }
  }
}
