/**
 * Reads, decodes and resizes the images on the executors: {@link
 * io.pare.stage.images.PrepareImagesStage}.
 */
package io.pare.stage.images;
