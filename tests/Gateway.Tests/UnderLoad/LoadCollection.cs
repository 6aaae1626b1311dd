namespace Platform.Gateway.Tests.UnderLoad;

/// <summary>What is measured while requests run; nothing else runs beside it.</summary>
[CollectionDefinition(nameof(LoadCollection), DisableParallelization = true)]
public sealed class LoadCollection;
