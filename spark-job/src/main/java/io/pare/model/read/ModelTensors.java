package io.pare.model.read;

import io.pare.model.proto.Onnx;

/**
 * Visits every dense tensor of a model, in graphs, attributes, sparse tensors and functions; checks
 * it and takes in the values that are kept in other files. What has none is returned as it is.
 */
final class ModelTensors {
  private final ExternalTensors external;

  ModelTensors(ExternalTensors external) {
    this.external = external;
  }

  Onnx.ModelProto model(Place place, Onnx.ModelProto model) {
    Onnx.ModelProto.Builder changed = model.toBuilder();
    changed.setGraph(graph(place, model.getGraph()));
    for (int f = 0; f < model.getFunctionsCount(); f++) {
      Onnx.FunctionProto function = model.getFunctions(f);
      Place inner = place.within("function " + Place.quote(function.getName()));
      Onnx.FunctionProto.Builder changedFunction = function.toBuilder();
      for (int i = 0; i < function.getNodeCount(); i++) {
        changedFunction.setNode(i, node(inner.node(function.getNode(i), i), function.getNode(i)));
      }
      changed.setFunctions(f, changedFunction);
    }
    return changed.build();
  }

  private Onnx.GraphProto graph(Place place, Onnx.GraphProto graph) {
    Onnx.GraphProto.Builder changed = graph.toBuilder();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      Onnx.TensorProto tensor = graph.getInitializer(i);
      changed.setInitializer(i, tensor(place.initializer(tensor, i), tensor));
    }
    for (int i = 0; i < graph.getSparseInitializerCount(); i++) {
      Place inner = place.within("sparse initializer number " + i);
      changed.setSparseInitializer(i, sparse(inner, graph.getSparseInitializer(i)));
    }
    for (int i = 0; i < graph.getNodeCount(); i++) {
      Onnx.NodeProto node = graph.getNode(i);
      changed.setNode(i, node(place.node(node, i), node));
    }
    return changed.build();
  }

  private Onnx.NodeProto node(Place place, Onnx.NodeProto node) {
    if (node.getAttributeCount() == 0) {
      return node;
    }
    Onnx.NodeProto.Builder changed = node.toBuilder();
    for (int i = 0; i < node.getAttributeCount(); i++) {
      Onnx.AttributeProto attribute = node.getAttribute(i);
      changed.setAttribute(i, attribute(place.attribute(attribute), attribute));
    }
    return changed.build();
  }

  private Onnx.AttributeProto attribute(Place place, Onnx.AttributeProto attribute) {
    Onnx.AttributeProto.Builder changed = attribute.toBuilder();
    if (attribute.hasT()) {
      changed.setT(tensor(place, attribute.getT()));
    }
    if (attribute.hasSparseTensor()) {
      changed.setSparseTensor(sparse(place, attribute.getSparseTensor()));
    }
    if (attribute.hasG()) {
      changed.setG(graph(place, attribute.getG()));
    }
    for (int i = 0; i < attribute.getTensorsCount(); i++) {
      changed.setTensors(i, tensor(place, attribute.getTensors(i)));
    }
    for (int i = 0; i < attribute.getSparseTensorsCount(); i++) {
      changed.setSparseTensors(i, sparse(place, attribute.getSparseTensors(i)));
    }
    for (int i = 0; i < attribute.getGraphsCount(); i++) {
      changed.setGraphs(i, graph(place, attribute.getGraphs(i)));
    }
    return changed.build();
  }

  private Onnx.SparseTensorProto sparse(Place place, Onnx.SparseTensorProto sparse) {
    Onnx.SparseTensorProto.Builder changed = sparse.toBuilder();
    if (sparse.hasValues()) {
      changed.setValues(tensor(place.within("values"), sparse.getValues()));
    }
    if (sparse.hasIndices()) {
      changed.setIndices(tensor(place.within("indices"), sparse.getIndices()));
    }
    return changed.build();
  }

  private Onnx.TensorProto tensor(Place place, Onnx.TensorProto tensor) {
    TensorValidator.check(place, tensor);
    return TensorValidator.isExternal(tensor) ? external.inline(place, tensor) : tensor;
  }
}
