package io.pare.report;

import io.pare.report.json.Json;
import io.pare.report.json.Missing;
import java.util.List;

/**
 * What became of the models of a zoo.
 *
 * @param zoo the list, as it was named
 * @param output folder that the results are in, each below the name of its model
 * @param models in the order of the list
 * @param seconds on the wall clock, for all
 */
public record ZooReport(String zoo, String output, List<ZooModel> models, double seconds) {

  public ZooReport {
    Missing.refuse(zoo, output);
    models = Missing.orEmpty(models);
  }

  /** How many models a status has. */
  public long count(RunResult.Status status) {
    return models.stream().filter(model -> model.result().status() == status).count();
  }

  /** How many models a stage has reached, in this run or in one before. */
  public long count(ZooStage stage) {
    return models.stream()
        .map(model -> model.at(stage))
        .filter(at -> at == ZooModel.Progress.DONE || at == ZooModel.Progress.UP_TO_DATE)
        .count();
  }

  /** The report as indented JSON. */
  public String json() {
    return Json.write(this);
  }
}
