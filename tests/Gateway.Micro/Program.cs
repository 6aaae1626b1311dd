using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Platform.Gateway.Micro;

// In this process: the suite looks into the agent's own parts, and a generated project would not be let in.
var quick = args.Contains("--quick");
var job = Job.Default
    .WithToolchain(new InProcessNoEmitToolchain(TimeSpan.FromMinutes(5), logOutput: false))
    .WithWarmupCount(quick ? 3 : 8)
    .WithIterationCount(quick ? 3 : 10)
    .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(quick ? 200 : 500));
var config = DefaultConfig.Instance.AddJob(job).AddDiagnoser(MemoryDiagnoser.Default)
    .WithArtifactsPath(Path.Combine(Environment.GetEnvironmentVariable("PLATFORM_REPOSITORY") ?? ".", "artifacts/bench/micro"));
Type[] suites = [typeof(Steps), typeof(JournalGroups), typeof(WholeRequest)];
var asked = suites.Where(s => args.Contains(s.Name)).ToArray();
var summaries = BenchmarkRunner.Run(asked.Length > 0 ? asked : suites, config);
return summaries.All(s => s.Reports.All(r => r.Success)) ? 0 : 1;
