package io.pare.stage.layers;

import io.pare.algorithm.candidate.Family;
import io.pare.algorithm.structure.LayerGroup;

/**
 * A path of candidates: those of one family for one layer group.
 *
 * @param family of the candidates
 * @param group that they are for
 */
record GroupPath(Family family, LayerGroup group) {}
