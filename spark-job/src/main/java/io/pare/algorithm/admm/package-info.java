/**
 * The convex inner problem of one layer (algorithm.md section 4): a structured sparse matrix plus a
 * low-rank one, found together by an alternating direction method of multipliers that converges.
 *
 * <p>Entry: {@link io.pare.algorithm.admm.AdmmPath} for structures over a range of penalties,
 * {@link io.pare.algorithm.admm.ExtendedAdmm} for one pair. The shrunken matrices themselves are
 * not the fit: {@link io.pare.algorithm.fit.GramFits#fit} refits the structures that they show.
 * Depends on java, ND4J and {@code io.pare.algorithm} alone.
 */
package io.pare.algorithm.admm;
