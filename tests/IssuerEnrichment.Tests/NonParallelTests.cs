namespace IssuerEnrichment.Tests;

/// <summary>Tests that measure the whole process, and therefore run while no other test does.</summary>
[CollectionDefinition(nameof(NonParallelTests), DisableParallelization = true)]
public sealed class NonParallelTests;
