package io.pare.run.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.stage.spark.RunCounters;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private static final long SECOND = 1_000_000_000L;
  private static final String CLEARED = "\r\u001b[K";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final AtomicLong clock = new AtomicLong();
  private final WatchedStream.Screen screen = new WatchedStream.Screen(clock::get);
  private final WatchedStream stream =
      new WatchedStream(new PrintStream(written, true, StandardCharsets.UTF_8), screen);

  @AfterEach
  void nothingRunsAnyMore() {
    ProgressLine.follow(Optional::empty);
  }

  @Test
  void theLiveLineGoesBeforeALineOfTheLogIsWritten() {
    ProgressLine line = new ProgressLine(screen, Optional.of(stream), clock::get);
    ProgressLine.follow(() -> Optional.of("solve: 1 of 9 tasks"));
    line.tick();
    PrintStream log = new PrintStream(stream, true, StandardCharsets.UTF_8);
    log.println("WARN");
    log.println("INFO");
    ProgressLine.follow(Optional::empty);
    line.tick();

    assertThat(written.toString(StandardCharsets.UTF_8))
        .isEqualTo(CLEARED + "solve: 1 of 9 tasks\r" + CLEARED + "WARN\nINFO\n" + CLEARED + "\r");
  }

  @Test
  void aLongLiveLineStaysInItsRow() {
    ProgressLine.follow(() -> Optional.of("x".repeat(200)));
    new ProgressLine(screen, Optional.of(stream), clock::get).tick();

    assertThat(written.toString(StandardCharsets.UTF_8)).isEqualTo(CLEARED + "x".repeat(79) + "\r");
  }

  @Test
  void whereThereIsNoTerminalSilenceEndsAfterEightSeconds() {
    ProgressLine line = new ProgressLine(screen, Optional.empty(), clock::get);
    RunCounters.enter("plan");
    try (Heard heard = new Heard()) {
      for (int second = 0; second <= 20; second++) {
        clock.set(second * SECOND);
        if (second == 5) {
          new PrintStream(stream, true, StandardCharsets.UTF_8).println("said by another");
        }
        line.tick();
        if (second == 7 || second == 12) {
          assertThat(heard.text()).as("at second " + second).isEmpty();
        }
        if (second == 13) {
          assertThat(heard.text()).isEqualTo("plan, 13 s so far");
        }
      }
    } finally {
      RunCounters.leave("plan", 20);
    }
  }

  @Test
  void nothingIsToldWhereNothingRuns() {
    ProgressLine line = new ProgressLine(screen, Optional.empty(), clock::get);
    try (Heard heard = new Heard()) {
      clock.set(100 * SECOND);
      line.tick();

      assertThat(heard.text()).isEmpty();
    }
  }

  /** What is logged meanwhile, the last line. */
  private static final class Heard implements AutoCloseable {
    private final java.io.StringWriter text = new java.io.StringWriter();
    private final WriterAppender appender =
        WriterAppender.createAppender(
            PatternLayout.newBuilder().withPattern("%m").build(), null, text, "heard", false, true);

    Heard() {
      appender.start();
      Configurator.setLevel(ProgressLine.class.getName(), Level.INFO);
      logger().addAppender(appender);
    }

    private static org.apache.logging.log4j.core.Logger logger() {
      LoggerContext context = (LoggerContext) LogManager.getContext(false);
      return context.getLogger(ProgressLine.class.getName());
    }

    String text() {
      String all = text.toString();
      text.getBuffer().setLength(0);
      return all;
    }

    @Override
    public void close() {
      logger().removeAppender(appender);
    }
  }
}
