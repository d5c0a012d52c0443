package io.pare.algorithm.admm;

import io.pare.algorithm.dense.Matrix;
import io.pare.algorithm.structure.Support;

/**
 * What the method found. A is exactly group sparse and B exactly of low rank; A + B and M agree
 * within the tolerance.
 *
 * @param sparse A, n x d
 * @param lowRank B, n x d
 * @param fitted M, n x d
 * @param multiplier L, n x d: the gradient of l at M, and minus a subgradient of each norm
 * @param penalty the last rho
 * @param support groups of A that are not zero
 * @param rank of B in its matricisation
 * @param trace how it was found, and whether it converged
 */
public record AdmmSolution(
    Matrix sparse,
    Matrix lowRank,
    Matrix fitted,
    Matrix multiplier,
    double penalty,
    Support support,
    int rank,
    Trace trace) {}
