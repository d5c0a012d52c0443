package io.pare.algorithm.statistics;

/** What the fits of a layer group need of its samples, in the space that they are solved in. */
public sealed interface LayerStatistics
    permits Moments, SolvedMoments, SampleProducts, SolvedTarget {}
