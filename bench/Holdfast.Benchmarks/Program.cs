using BenchmarkDotNet.Running;
using Holdfast.Benchmarks;

BenchmarkSwitcher.FromAssembly(typeof(BenchmarkFile).Assembly).Run(args);
