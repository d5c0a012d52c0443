/**
 * What a data set consists of: {@link io.pare.io.block.ImageBlock}, a part that one task reads.
 *
 * <p>Values only; they travel to the executors.
 */
package io.pare.io.block;
