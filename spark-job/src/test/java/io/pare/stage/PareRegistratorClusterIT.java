package io.pare.stage;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.testing.ClusterTest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PareRegistratorClusterIT {
  @RegisterExtension static final ClusterTest CLUSTER = new ClusterTest();

  @Test
  void tasksRunInExecutorsOfTheirOwn() {
    long driver = ProcessHandle.current().pid();

    List<Long> pids =
        CLUSTER
            .context()
            .parallelize(List.of(1, 2, 3, 4), 4)
            .map(number -> ProcessHandle.current().pid())
            .collect();

    assertThat(pids).hasSize(4).doesNotContain(driver);
  }
}
