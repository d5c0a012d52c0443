package io.pare.run.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pare.InputException;
import io.pare.io.HadoopFiles;
import io.pare.testing.BadInputs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZooListTest {
  @TempDir private Path folder;

  @Test
  void yamlHasDefaultsThatAModelOverrides() {
    List<ZooEntry> entries =
        parse(
            "zoo.yaml",
            """
            defaults:
              images: photos
              seed: 7
              resume: false
              compare: [svd, prune]
            models:
              - model: nets/first.onnx
              - name: other
                model: nets/second.onnx
                images: faces
                target: params=3.0,macs=2
                synsets:
            """);

    assertThat(entries.get(0))
        .isEqualTo(
            new ZooEntry(
                "zoo.yaml model 1",
                "first",
                Map.of(
                    "model", "nets/first.onnx",
                    "images", "photos",
                    "seed", "7",
                    "resume", "no",
                    "compare", "svd,prune"),
                Optional.empty()));
    assertThat(entries.get(1).name()).isEqualTo("other");
    assertThat(entries.get(1).keys())
        .containsEntry("images", "faces")
        .containsEntry("target", "params=3.0,macs=2")
        .containsEntry("synsets", "")
        .containsEntry("seed", "7");
  }

  @Test
  void jsonAndCsvSayTheSame() {
    List<ZooEntry> json =
        parse(
            "z.json",
            """
            [{"model": "a/x.onnx", "target": "params=2,macs=1.5", "name": "n"},
             {"model": "a/y.onnx", "batch-size": 4}]
            """);
    List<ZooEntry> csv =
        parse(
            "z.csv",
            """
            model,target,name,batch-size
            a/x.onnx,"params=2,macs=1.5",n,
            a/y.onnx,,,4
            """);

    assertThat(csv).extracting(ZooEntry::keys).isEqualTo(keys(json));
    assertThat(csv).extracting(ZooEntry::name).containsExactly("n", "y");
    assertThat(keys(json).get(1)).isEqualTo(Map.of("model", "a/y.onnx", "batch-size", "4"));
  }

  @Test
  void theManifestOfAHubGivesPathsBelowItAndHashes() {
    List<ZooEntry> entries =
        parse(
            "hub/ONNX_HUB_MANIFEST.json",
            """
            [{"model": "SqueezeNet 1.1", "model_path": "vision/squeezenet/model/squeezenet1.1-7.onnx",
              "onnx_version": "1.2.1", "opset_version": 7,
              "metadata": {"model_sha": "AB12", "model_bytes": 4956208, "tags": ["vision"]}},
             {"model": "no hash", "model_path": "b.onnx"}]
            """);

    assertThat(entries.get(0))
        .isEqualTo(
            new ZooEntry(
                "hub/ONNX_HUB_MANIFEST.json model 1",
                "squeezenet1.1-7",
                Map.of("model", "hub/vision/squeezenet/model/squeezenet1.1-7.onnx"),
                Optional.of("ab12")));
    assertThat(entries.get(1).sha256()).isEmpty();
  }

  @Test
  void aGlobNamesEachFileForWhatTheirPathsDoNotShare() throws IOException {
    for (String file : List.of("nets/a/model.onnx", "nets/b/model.onnx", "nets/b/notes.txt")) {
      Files.createDirectories(folder.resolve(file).getParent());
      Files.writeString(folder.resolve(file), "");
    }

    assertThat(read("nets/*/*.onnx").entries())
        .extracting(ZooEntry::name)
        .containsExactly("a-model", "b-model");
    assertThat(read("nets/a/model.onnx").entries())
        .extracting(ZooEntry::name)
        .containsExactly("model");
    assertThatThrownBy(() -> read("nets/*/*.pb"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("nets/*/*.pb: no file has such a name");
  }

  @ParameterizedTest
  @CsvSource({
    "../../etc/passwd, etc-passwd",
    "/tmp/x, tmp-x",
    ".hidden, hidden",
    "a b<c>, a-b-c-",
    "..-x, x"
  })
  void aNameLeadsNowhereElse(String name, String safe) {
    List<ZooEntry> named =
        SafeNames.of(List.of(ZooEntry.ofFile("z", name, "m.onnx")), new ArrayList<>());

    assertThat(named.get(0).name()).isEqualTo(safe);
  }

  @Test
  void namesThatAreTheSameOrNoneAreToldTogether() {
    List<ZooEntry> entries =
        List.of(
            ZooEntry.ofFile("z model 1", "net/1", "a.onnx"),
            ZooEntry.ofFile("z model 2", "NET 1", "b.onnx"),
            ZooEntry.ofFile("z model 3", "..", "c.onnx"));

    List<String> problems = new ArrayList<>();
    SafeNames.of(entries, problems);

    assertThat(problems)
        .hasSize(2)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith(
                        "a.onnx (z model 1) and b.onnx (z model 2) would both be published as NET-1")
                    .endsWith("give each model a name of its own"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("z model 3: the name \"..\" must have a letter or digit"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "z.json | {\"models\": 3} | z.json is no list of models",
        "z.json | [{\"model\": | z.json line 1 cannot be read",
        "z.json | {\"models\": [], \"images\": \"i\"} | unknown key images beside models",
        "z.csv | model,images | z.csv lists no model",
        "z.txt | a.onnx | must end in .yaml, .yml, .json or .csv"
      })
  void whatIsNoListIsRefusedWithItsPlace(String name, String text, String message)
      throws IOException {
    Files.writeString(folder.resolve(name), text);

    assertThatThrownBy(() -> read(name))
        .isInstanceOfSatisfying(
            InputException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(2))
        .hasMessageContaining(message);
  }

  @Test
  void relativePathsAreBelowTheFolderOfTheList() {
    List<ZooEntry> entries =
        parse(
            "/zoos/nightly/zoo.yaml",
            """
            defaults:
              images: ../photos
            models:
              - model: nets/first.onnx
                preprocessing: config:nets/first.json,std=1
              - {model: /nets/second.onnx, images: "hdfs:///photos", labels: labels.txt}
            """);

    assertThat(entries.get(0).keys())
        .containsEntry("model", "/zoos/nightly/nets/first.onnx")
        .containsEntry("images", "/zoos/nightly/../photos")
        .containsEntry("preprocessing", "config:/zoos/nightly/nets/first.json,std=1");
    assertThat(entries.get(1).keys())
        .containsEntry("model", "/nets/second.onnx")
        .containsEntry("images", "hdfs:///photos")
        .containsEntry("labels", "/zoos/nightly/labels.txt");
  }

  @Test
  void mistakesOfEntriesAreGatheredAndTheOthersRead() {
    ZooList list =
        ZooList.parse(
            "z.yaml",
            "- {images: i}\n- 3\n- {model: good.onnx}\n- {model: {a: b}}"
                .getBytes(StandardCharsets.UTF_8));

    assertThat(list.entries()).extracting(ZooEntry::name).containsExactly("good");
    assertThat(list.problems())
        .containsExactly(
            "z.yaml model 1: the key model is missing",
            "z.yaml model 2: not a mapping of keys to values",
            "z.yaml model 4: model is a mapping, where a value belongs");
    list.problems().forEach(problem -> BadInputs.refused("list of a zoo", problem, problem, "2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "z.json | [{\"model\": \"a\", \"model\": \"b\"}] | Duplicate",
        "z.yaml | - {model: a, model: b} | uplicate",
        "z.csv | model,images,model | the first row names model twice"
      })
  void aKeyThatIsGivenTwiceIsAnError(String name, String text, String message) throws IOException {
    Files.writeString(folder.resolve(name), text);

    assertThatThrownBy(() -> read(name))
        .isInstanceOf(InputException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message)
        .satisfies(
            e ->
                BadInputs.refused(
                    "list of a zoo",
                    "key given twice in " + name,
                    e.getMessage().replace(folder.toString(), ""),
                    "2"));
  }

  private ZooList read(String name) {
    return ZooList.read(folder.resolve(name).toString(), new HadoopFiles(new Configuration()));
  }

  private static List<ZooEntry> parse(String path, String text) {
    return ZooList.parse(path, text.getBytes(StandardCharsets.UTF_8)).entries();
  }

  private static List<Map<String, String>> keys(List<ZooEntry> entries) {
    return entries.stream().map(ZooEntry::keys).toList();
  }
}
