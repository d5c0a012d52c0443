/**
 * What a network puts out, and what each output is compared by: scores of classes or values; entry
 * is {@link io.pare.model.output.NetworkOutputs}. May not depend on Spark or on what rewrites
 * networks.
 */
package io.pare.model.output;
