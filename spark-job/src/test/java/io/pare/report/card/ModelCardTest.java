package io.pare.report.card;

import static org.assertj.core.api.Assertions.assertThat;

import io.pare.report.SampleReports;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelCardTest {

  @Test
  void theHeadIsWhatARegistryReads() {
    assertThat(head(ModelCard.of(SampleReports.full())))
        .containsExactly(
            "---",
            "library_name: onnx",
            "pipeline_tag: image-classification",
            "tags: [onnx, compression, low-rank, pruning, pare]",
            "metrics: [accuracy]",
            "model-index:",
            "- name: \"squeezenet1.1, compressed\"",
            "  results:",
            "  - task: {type: image-classification}",
            "    dataset: {type: images, name: \"validation images\"}",
            "    metrics:",
            "    - {type: accuracy, name: top-1, value: 0.5233}",
            "    - {type: accuracy, name: top-5, value: 0.6900}",
            "---");
  }

  @Test
  void licenceAndOriginalAreThoseThatTheRunWasTold() {
    assertThat(
            head(
                ModelCard.of(
                    SampleReports.configured(
                        Map.of("license", "Apache-2.0", "base-model", "onnx/squeezenet")))))
        .contains("license: apache-2.0", "base_model: onnx/squeezenet");
    assertThat(
            head(ModelCard.of(SampleReports.configured(Map.of("license", "", "base-model", "")))))
        .noneMatch(line -> line.startsWith("license") || line.startsWith("base_model"));
  }

  @Test
  void theCardHasTheFiguresBeforeAndAfter() {
    assertThat(ModelCard.of(SampleReports.full()))
        .contains("| weights | 1,231,552 | 821,003 | 1.50x |")
        .contains("| top-1 | 63.7 % (58.1 % to 68.9 %) | 52.3 % (46.7 % to 57.9 %) |")
        .contains("| latency, batch 1, threads 1 | 18.40 ms | 12.90 ms | 1.43x |")
        .contains("on 400 images without labels; 2 more could not be read")
        .contains("| ` fire0 ` | ` spatial(40) ` | 2,000 | 800 |");
  }

  @Test
  void hostileNamesStayInTheirCells() {
    String card = ModelCard.of(SampleReports.hostile());
    List<String> plain = ModelCard.of(SampleReports.full()).lines().toList();

    assertThat(card.lines()).hasSameSizeAs(plain);
    assertThat(head(card))
        .hasSize(14)
        .contains("- name: \"x onerror=alert(2)>|`]]>&amp; # x, compressed\"");
    assertThat(card.lines().filter(line -> line.startsWith("#"))).hasSize(4);
    String withoutCode = card.replaceAll("(?s)\\A---.*?---", "").replaceAll("`` .*? ``", "");
    assertThat(withoutCode).doesNotContain("<script", "<img", "http://evil");
  }

  @Test
  void withoutValidationNoAccuracyIsClaimed() {
    assertThat(ModelCard.of(SampleReports.bare())).doesNotContain("top-1", "Wilson");
    assertThat(head(ModelCard.of(SampleReports.bare()))).hasSize(6).doesNotContain("model-index:");
  }

  private static List<String> head(String card) {
    List<String> lines = card.lines().toList();
    return lines.subList(0, lines.subList(1, lines.size()).indexOf("---") + 2);
  }
}
