/**
 * Turns images as people have them (class folders, tars, labelled flat folders) into the Parquet
 * data set that the job reads. May use the job's {@code io} package; nothing depends on it.
 */
package io.pare.prep;
