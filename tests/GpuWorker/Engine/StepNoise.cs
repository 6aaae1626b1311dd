namespace Platform.GpuWorker.Engine;

/// <summary>Log-normal factors with mean 1, the same ones for the same seed. Sigma 0 gives 1 always.</summary>
internal sealed class StepNoise(double sigma, int seed)
{
    private readonly Random _random = new(seed);

    public double Next()
    {
        if (sigma == 0)
            return 1;
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Exp(sigma * normal - sigma * sigma / 2);
    }
}
