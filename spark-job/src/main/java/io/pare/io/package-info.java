/**
 * Files: Hadoop paths, image sources, decoding and preprocessing, atomic publishing.
 *
 * <p>The only package that calls Hadoop's file systems. Depends on the root package.
 */
package io.pare.io;
