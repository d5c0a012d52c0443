package io.pare.stage.network;

import io.pare.model.inference.TensorData;
import java.util.List;

/**
 * What some tensors of a network hold for the images of one forward pass.
 *
 * @param block of images
 * @param batch place within the block
 * @param ids of the images, in order
 * @param tensors images first, in the order of {@link Activations#tensors}
 */
@SuppressWarnings("ArrayRecordComponent")
public record ActivationBatch(int block, int batch, long[] ids, List<TensorData> tensors) {}
