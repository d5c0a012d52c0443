/**
 * Files: {@link io.pare.io.HadoopFiles}. Below it image sources, decoding, preprocessing and
 * publishing.
 *
 * <p>The only package that calls Hadoop's file systems. Depends on the root package.
 */
package io.pare.io;
