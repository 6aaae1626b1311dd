namespace Platform.GpuWorker.Engine;

/// <summary>
/// The scheduler of vLLM V1 without its GPU and without a clock: <see cref="Plan"/> says what the next step computes and
/// how long it takes, <see cref="Complete"/> takes its result. Deterministic for a seed; not safe for concurrent use.
/// Running sequences go first (decodes, then the rest of prompts), then waiting ones in order of arrival while they fit.
/// </summary>
internal sealed class EngineCore(GpuProfile gpu, EngineLimits limits, StepNoise noise)
{
    private readonly BlockPool _pool = new(limits.KvBlocks);
    private readonly int _reserve = limits.KvBlocks - (int)(limits.KvBlocks * limits.Watermark);
    private readonly List<Sequence> _running = [];
    private readonly LinkedList<Sequence> _waiting = [];
    private readonly List<StepChunk> _chunks = [];
    private readonly List<Sequence> _emitted = [];
    private StepLoad _load;
    private int _budget;

    public int Running => _running.Count;

    public int Waiting => _waiting.Count;

    public double KvUsage => _pool.Usage;

    public EngineCounters Counters { get; } = new();

    /// <summary>Puts a sequence at the end of the queue.</summary>
    /// <exception cref="ArgumentException">Prompt and answer together can never fit in the KV cache.</exception>
    public void Submit(Sequence sequence)
    {
        if (BlockChain.BlocksFor(sequence.PromptTokens + sequence.OutputTokens) > _pool.Capacity)
            throw new ArgumentException("The sequence is larger than the KV cache.", nameof(sequence));
        _waiting.AddLast(sequence);
    }

    /// <summary>Takes a sequence out, between steps. False when it is not here (finished, or aborted before).</summary>
    public bool Abort(Sequence sequence)
    {
        if (!_running.Remove(sequence))
            return _waiting.Remove(sequence);
        _pool.Release(sequence.Blocks);
        return true;
    }

    /// <summary>The next step, or null when there is nothing to compute.</summary>
    public StepPlan? Plan()
    {
        _chunks.Clear();
        _load = default;
        _budget = limits.MaxBatchedTokens;
        var preempted = PlanDecodes();
        PlanPrefills();
        if (!preempted)
            Admit();
        return _chunks.Count == 0 ? null : new(_chunks, _load, StepTime.Of(gpu, _load) * noise.Next());
    }

    /// <summary>
    /// Applies a planned step. Returns the sequences that got a token, in order of admission; a finished one has left
    /// the engine. The list is valid until the next call.
    /// </summary>
    public IReadOnlyList<Sequence> Complete(StepPlan plan)
    {
        _emitted.Clear();
        Counters.Steps++;
        Counters.BusySlots += plan.Chunks.Count;
        var finished = false;
        foreach (var (sequence, tokens) in plan.Chunks)
        {
            if (!sequence.Compute(tokens))
                continue;
            _emitted.Add(sequence);
            Counters.GeneratedTokens++;
            if (sequence.Generated == 1)
                Counters.PromptTokens += sequence.PromptTokens;
            if (!sequence.IsFinished)
                continue;
            _pool.Release(sequence.Blocks);
            finished = true;
        }
        if (finished)
            _running.RemoveAll(s => s.IsFinished);
        return _emitted;
    }

    private bool PlanDecodes()
    {
        var preempted = false;
        for (var i = 0; i < _running.Count && _budget > 0; i++)
        {
            var sequence = _running[i];
            if (!sequence.IsDecoding)
                continue;
            while (sequence.Blocks.Count < BlockChain.BlocksFor(sequence.Tokens.Length) && !_pool.TryTake(sequence.Blocks))
            {
                preempted = true;
                if (PreemptNewest() == sequence)
                    return true;
            }
            Schedule(sequence, 1);
        }
        return preempted;
    }

    private void PlanPrefills()
    {
        foreach (var sequence in _running)
        {
            if (_budget == 0)
                return;
            if (!sequence.IsDecoding)
                Schedule(sequence, Math.Min(sequence.Pending, _budget));
        }
    }

    private void Admit()
    {
        while (_budget > 0 && _running.Count < limits.MaxSequences && _waiting.First is { Value: var sequence } && TryHold(sequence))
        {
            _waiting.RemoveFirst();
            _running.Add(sequence);
            Schedule(sequence, Math.Min(sequence.Pending, _budget));
        }
    }

    private bool TryHold(Sequence sequence)
    {
        // The last token is always computed, so that there are logits to sample from.
        var (hits, freeHits) = _pool.Match(sequence.Tokens, (sequence.Tokens.Length - 1) / BlockChain.BlockTokens);
        var needed = BlockChain.BlocksFor(sequence.Tokens.Length) - hits;
        // An empty engine takes whatever fits, or a prompt above the watermark would wait for ever.
        var reserve = _running.Count == 0 ? 0 : _reserve;
        if (_pool.Free - freeHits - needed < reserve)
            return false;
        _pool.Share(sequence.Tokens, hits, sequence.Blocks);
        for (var i = 0; i < needed; i++)
            _pool.TryTake(sequence.Blocks);
        if (sequence.CachedTokens is null)
        {
            Counters.PrefixQueries += sequence.PromptTokens;
            Counters.PrefixHits += hits * BlockChain.BlockTokens;
        }
        sequence.Admit(hits);
        return true;
    }

    private Sequence PreemptNewest()
    {
        var newest = _running[^1];
        _running.RemoveAt(_running.Count - 1);
        _pool.Release(newest.Blocks);
        newest.Preempt();
        _waiting.AddFirst(newest);
        Counters.Preemptions++;
        return newest;
    }

    private void Schedule(Sequence sequence, int tokens)
    {
        _load = sequence.IsDecoding ? _load.WithDecode(sequence.Tokens.Length) : _load.WithChunk(tokens, sequence.Computed);
        _budget -= tokens;
        _chunks.Add(new(sequence, tokens));
        // As in vLLM a block can be shared from the step that fills it on, also by sequences of that same step.
        var full = (sequence.Computed + tokens) / BlockChain.BlockTokens;
        for (var block = sequence.Computed / BlockChain.BlockTokens; block < full; block++)
            _pool.Publish(sequence.Blocks[block], sequence.Tokens[block]);
    }
}
