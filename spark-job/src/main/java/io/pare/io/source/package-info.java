/**
 * Data sets of images and their labels: {@link io.pare.io.source.ImageSource} lists one, {@link
 * io.pare.io.source.ImageBlockReader} reads its blocks.
 */
package io.pare.io.source;
