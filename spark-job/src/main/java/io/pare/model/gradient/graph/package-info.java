/**
 * Writing a graph behind one that is there: fresh names, constants, operators of the network's
 * operator set, and what is known of shapes and types. Entry type: {@link
 * io.pare.model.gradient.graph.GraphWriter}.
 */
package io.pare.model.gradient.graph;
