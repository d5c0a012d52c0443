package io.pare.prep;

import java.io.Serializable;
import java.util.TreeMap;

/**
 * What a task wrote.
 *
 * @param file name in the data set
 * @param bytes length of the file
 * @param sha256 of the bytes that were written, in lower-case hexadecimal
 * @param images number of images in it
 * @param perClass number of images by label
 * @param bad the images left out
 */
record ShardResult(
    String file,
    long bytes,
    String sha256,
    long images,
    TreeMap<Integer, Long> perClass,
    BadImages bad)
    implements Serializable {}
