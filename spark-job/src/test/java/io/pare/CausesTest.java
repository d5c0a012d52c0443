package io.pare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class CausesTest {

  @Test
  void theOutermostOfATypeIsFoundHoweverDeepItLies() {
    EOFException inner = new EOFException("inner");
    IOException outer = new IOException("outer", new IllegalStateException(inner));

    Causes causes = Causes.of(new IllegalStateException(outer));

    assertThat(causes.first(IOException.class)).containsSame(outer);
    assertThat(causes.first(EOFException.class)).containsSame(inner);
    assertThat(causes.first(FileNotFoundException.class)).isEmpty();
  }

  @Test
  void causesThatLeadBackToThemselvesHaveAnEnd() {
    IOException first = new IOException("first");
    first.initCause(new IOException("second", first));

    assertThat(Causes.of(first).first(EOFException.class)).isEmpty();
  }
}
