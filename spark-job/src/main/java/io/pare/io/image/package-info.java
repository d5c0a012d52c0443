/**
 * Decoding of image files to the pixels that Pillow gives: {@link io.pare.io.image.ImageDecoder}.
 *
 * <p>Works on bytes: no file system.
 */
package io.pare.io.image;
