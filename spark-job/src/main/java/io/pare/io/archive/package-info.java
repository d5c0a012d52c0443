/**
 * Tar archives and WebDataset shards, indexed so that any image in them can be read on its own:
 * {@link io.pare.io.archive.TarIndex}.
 */
package io.pare.io.archive;
