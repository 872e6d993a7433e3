using System.Globalization;
using BenchmarkDotNet.Running;
using Holdfast.Benchmarks;

if (args is ["grow", var input, var output, var copies])
    return GrowSnapshot.Run(input, output, int.Parse(copies, CultureInfo.InvariantCulture));
BenchmarkSwitcher.FromAssembly(typeof(BenchmarkFile).Assembly).Run(args);
return 0;
