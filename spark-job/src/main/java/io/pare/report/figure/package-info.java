/**
 * Figures as people read them: {@link io.pare.report.figure.Numbers} writes them, {@link
 * io.pare.report.figure.Scale} lays them along an axis. Depends on java alone.
 */
package io.pare.report.figure;
