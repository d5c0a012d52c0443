package io.pare.model.inference.trial;

import io.pare.model.InputShape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What is run, as it goes from one process to the other.
 *
 * @param model the ONNX file
 * @param image shape of one image
 * @param images in the batch, at least 1
 * @param floats outputs that must hold floats
 */
@SuppressWarnings("ArrayRecordComponent") // holds one value, is never compared
record TrialRequest(byte[] model, InputShape image, int images, List<String> floats) {

  void write(DataOutputStream out) throws IOException {
    out.writeInt(model.length);
    out.write(model);
    out.writeInt(image.channels());
    out.writeInt(image.height());
    out.writeInt(image.width());
    out.writeUTF(image.layout().name());
    out.writeInt(images);
    out.writeInt(floats.size());
    for (String output : floats) {
      Text.write(out, output);
    }
    out.flush();
  }

  static TrialRequest read(DataInputStream in) throws IOException {
    byte[] model = new byte[in.readInt()];
    in.readFully(model);
    int channels = in.readInt();
    int height = in.readInt();
    int width = in.readInt();
    InputShape image =
        new InputShape(channels, height, width, InputShape.Layout.valueOf(in.readUTF()));
    int images = in.readInt();
    int count = in.readInt();
    List<String> floats = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      floats.add(Text.read(in));
    }
    return new TrialRequest(model, image, images, List.copyOf(floats));
  }
}
