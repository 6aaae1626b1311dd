namespace Platform.TestKit.Upstream;

/// <summary>
/// Chooses scripts: the first row that fits a request answers it, with its first script the first time, its second the
/// next, and its last from then on. Pass <see cref="Choose"/> to <see cref="ScriptedUpstream.Start(Func{UpstreamRequest, Script}, UpstreamOptions?)"/>.
/// </summary>
public sealed class ScriptTable
{
    private readonly List<Row> _rows = [];

    /// <summary>The like of a row, without a table: each script once, in order, the last one again and again.</summary>
    public static Func<UpstreamRequest, Script> Sequence(params Script[] inOrder)
    {
        var row = new Row(_ => true, inOrder);
        return _ => row.Next();
    }

    public ScriptTable Path(string path, params Script[] inOrder) => When(r => r.Path == path, inOrder);

    public ScriptTable Model(string model, params Script[] inOrder) => When(r => r.Model == model, inOrder);

    public ScriptTable Header(string name, string value, params Script[] inOrder) => When(r => r.Header(name) == value, inOrder);

    public ScriptTable When(Predicate<UpstreamRequest> fits, params Script[] inOrder)
    {
        _rows.Add(new(fits, inOrder));
        return this;
    }

    public ScriptTable Otherwise(params Script[] inOrder) => When(_ => true, inOrder);

    public Script Choose(UpstreamRequest request) =>
        _rows.Find(r => r.Fits(request))?.Next() ?? throw new InvalidOperationException($"No row fits {request}.");

    private sealed class Row
    {
        private readonly Script[] _inOrder;
        private int _next = -1;

        public Row(Predicate<UpstreamRequest> fits, Script[] inOrder)
        {
            if (inOrder.Length == 0)
                throw new ArgumentException("A row needs a script.", nameof(inOrder));
            (Fits, _inOrder) = (fits, inOrder);
        }

        public Predicate<UpstreamRequest> Fits { get; }

        public Script Next() => _inOrder[Math.Min(Interlocked.Increment(ref _next), _inOrder.Length - 1)];
    }
}
