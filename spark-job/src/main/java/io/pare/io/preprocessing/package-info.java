/**
 * From decoded pixels to the input of a network: {@link io.pare.io.preprocessing.Preprocessing}.
 *
 * <p>Works on arrays: no file system.
 */
package io.pare.io.preprocessing;
