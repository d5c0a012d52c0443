package io.pare.testing;

import io.pare.model.proto.Onnx;
import java.util.List;
import java.util.function.Consumer;

/** Networks whose graph is not one: names missing, given twice or used before they are defined. */
final class BadGraphs {
  private BadGraphs() {}

  static List<BadModel> all() {
    return List.of(
        graph("no inputs", "has no input", g -> g.clearInput().clearNode().clearOutput()),
        graph(
            "only overridable inputs",
            "has no input",
            g -> g.getInputBuilder(0).setName("conv.weight")),
        graph("no outputs", "has no output", Onnx.GraphProto.Builder::clearOutput),
        graph(
            "input given twice",
            "has the input \"x\" without a name of its own",
            g -> g.addInput(g.getInput(0))),
        graph(
            "input without a name",
            "has the input \"\"",
            g -> g.addInput(Onnx.ValueInfoProto.getDefaultInstance())),
        graph(
            "initializer given twice",
            "has the initializer \"conv.weight\" twice",
            g -> g.addInitializer(g.getInitializer(0))),
        graph(
            "initializer without a name",
            "has the initializer \"\", a name is missing",
            g -> g.getInitializerBuilder(0).clearName()),
        BadModels.changed(
            "function that calls itself", "function \"f1\": calls itself", functions(1, "f1")),
        BadModels.changed(
            "functions of 2^29 nodes",
            "has more than 100000 nodes once its functions are written out",
            functions(29, "f30")),
        BadModels.changed(
            "functions nested too deep",
            "has functions that are nested too deep; the limit is 64",
            functions(100, "f101")),
        BadModels.node(
            "node without an input",
            "flat",
            "node \"flat\" (Flatten): has 0 inputs; it needs at least 1",
            Onnx.NodeProto.Builder::clearInput),
        BadModels.node(
            "node without an output",
            "gemm",
            "node \"gemm\" (Gemm): has no first output; it needs one",
            Onnx.NodeProto.Builder::clearOutput),
        BadModels.node(
            "output of a node given twice",
            "pool",
            "node \"pool\" (MaxPool): writes \"relu\", which is defined before",
            n -> n.setOutput(0, "relu")),
        BadModels.node(
            "output of a node with the name of an initializer",
            "pool",
            "writes \"conv.weight\"",
            n -> n.setOutput(0, "conv.weight")),
        BadModels.node(
            "undefined input of a node",
            "relu",
            "node \"relu\" (Relu): reads \"ghost\", which nothing defines",
            n -> n.setInput(0, "ghost")),
        BadModels.node(
            "undefined input on several lines",
            "relu",
            "reads \"two\\u000alines\\u2028\", which nothing defines",
            n -> n.setInput(0, "two\nlines\u2028")),
        BadModels.node(
            "undefined input with a long name",
            "relu",
            "reads \"" + "g".repeat(80) + "...\"",
            n -> n.setInput(0, "g".repeat(300))),
        BadModels.node(
            "a node that reads itself",
            "relu",
            "reads \"relu\", which depends on itself: the graph has a cycle",
            n -> n.setInput(0, "relu")),
        BadModels.node(
            "a cycle of several nodes",
            "norm",
            "reads \"mean\", which depends on itself: the graph has a cycle",
            n -> n.setInput(0, "mean")),
        graph(
            "nodes that are not sorted",
            "reads \"pool\", which is produced later; ONNX demands nodes in topological order",
            g -> {
              Onnx.NodeProto pool = g.getNode(3);
              g.removeNode(3).addNode(pool);
            }),
        graph(
            "undefined output",
            "has the output \"ghost\", which nothing defines",
            g -> g.getOutputBuilder(0).setName("ghost")),
        graph(
            "output given twice",
            "has the output \"gemm\" twice",
            g -> g.addOutput(g.getOutput(0))),
        BadModels.node("no operator", "relu", "names no operator", n -> n.clearOpType()),
        BadModels.node(
            "attribute given twice",
            "gemm",
            "has the attribute \"transB\" twice",
            n -> n.addAttribute(n.getAttribute(0))),
        BadModels.node(
            "name of a node too long",
            "relu",
            "of 5000 characters; the limit is 4096",
            n -> n.setName("n".repeat(5000))),
        body("undefined input of a body", "reads \"ghost\"", "ghost", "inner"),
        body("body that reads what comes later", "reads \"gemm\"", "gemm", "inner"),
        body("body that writes an outer name", "writes \"conv\"", "conv", "conv"),
        graph(
            "too many nodes",
            "more than 100000 nodes",
            g -> {
              for (int i = 0; i <= 100_000; i++) {
                g.addNode(Onnx.NodeProto.newBuilder().setOpType("Identity").addInput("x"));
              }
            }));
  }

  private static BadModel graph(
      String name, String message, Consumer<Onnx.GraphProto.Builder> change) {
    return BadModels.changed(name, message, model -> change.accept(model.getGraphBuilder()));
  }

  private static BadModel body(String name, String message, String reads, String writes) {
    Onnx.GraphProto body =
        ModelBuilder.seeded(1)
            .node("Identity", "copy", List.of(reads), List.of(writes))
            .output(writes)
            .graph();
    return BadModels.node(
        name,
        "relu",
        "node \"relu\" (If), attribute \"then_branch\", node \"copy\" (Identity): " + message,
        n -> n.setOpType("If").addAttribute(ModelBuilder.graph("then_branch", body)));
  }

  /**
   * Functions f1, f2 and so on, of which each calls the next one twice, and a call of the first.
   *
   * @param last what the last one calls
   */
  private static Consumer<Onnx.ModelProto.Builder> functions(int count, String last) {
    return model -> {
      model.addOpsetImport(Onnx.OperatorSetIdProto.newBuilder().setDomain("own").setVersion(1));
      for (int k = 1; k <= count; k++) {
        String next = k == count ? last : "f" + (k + 1);
        model
            .addFunctionsBuilder()
            .setDomain("own")
            .setName("f" + k)
            .addInput("a")
            .addOutput("c")
            .addNode(call(next, "a", "b"))
            .addNode(call(next, "b", "c"));
      }
      model.getGraphBuilder().addNode(call("f1", "x", "called"));
    };
  }

  private static Onnx.NodeProto call(String function, String from, String to) {
    return Onnx.NodeProto.newBuilder()
        .setDomain("own")
        .setOpType(function)
        .addInput(from)
        .addOutput(to)
        .build();
  }
}
