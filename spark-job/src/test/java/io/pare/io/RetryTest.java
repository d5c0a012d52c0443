package io.pare.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetryTest {
  private static final Retry QUICK = new Retry(Duration.ofMillis(1), Duration.ofMillis(200));

  static Stream<IOException> away() {
    return Stream.of(
        new EOFException("End of File Exception between local host and the NameNode"),
        new ConnectException("Connection refused"),
        new SocketTimeoutException("no answer"),
        new IOException("failed on socket exception", new ConnectException("refused")),
        new RemoteException(
            "org.apache.hadoop.hdfs.server.namenode.SafeModeException", "in safe mode"),
        new RemoteException("org.apache.hadoop.ipc.StandbyException", "in standby"),
        new RemoteException(
            "java.io.IOException",
            "File /a could only be written to 0 of the 1 minReplication nodes."));
  }

  static Stream<IOException> forGood() {
    return Stream.of(
        new FileNotFoundException("none"),
        new AccessControlException("no permission"),
        new IOException("the disk is full"),
        new RemoteException("org.apache.hadoop.hdfs.protocol.QuotaExceededException", "quota"));
  }

  @ParameterizedTest
  @MethodSource("away")
  void whatIsAwayForAMomentIsTriedAgain(IOException failure) throws IOException {
    AtomicInteger calls = new AtomicInteger();

    String result =
        QUICK.call(
            "test",
            () -> {
              if (calls.incrementAndGet() < 3) {
                throw failure;
              }
              return "done";
            });

    assertThat(result).isEqualTo("done");
    assertThat(calls).hasValue(3);
  }

  @ParameterizedTest
  @MethodSource("forGood")
  void whatFailsForGoodIsToldAtOnce(IOException failure) {
    AtomicInteger calls = new AtomicInteger();

    assertThatThrownBy(() -> failing(calls, failure)).isSameAs(failure);
    assertThat(calls).hasValue(1);
  }

  @Test
  void whatStaysAwayIsToldAfterABoundedTime() {
    AtomicInteger calls = new AtomicInteger();
    IOException away = new ConnectException("refused");
    long begin = System.nanoTime();

    assertThatThrownBy(() -> failing(calls, away)).isSameAs(away);

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    assertThat(calls.get()).isBetween(3, 9);
  }

  private static void failing(AtomicInteger calls, IOException failure) throws IOException {
    QUICK.call(
        "test",
        () -> {
          calls.incrementAndGet();
          throw failure;
        });
  }
}
