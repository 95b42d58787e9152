import {inputNamesText} from './inputNames'

/** What `density-lens --help` prints. */
export const help = `density-lens: which layers and features a density-attention model relies on, and whether that is true

  density-lens explain CHECKPOINT [INPUT…] [options]
  density-lens inspect CHECKPOINT [SHARD…]
  density-lens watch CHECKPOINT [INPUT…] [options]
  density-lens share FILE.densitylens|FILE.json [--at https://host | --to http://host:port]
  density-lens verify LINK|FILE.densitylens|FILE.json CHECKPOINT [INPUT…]

explain reads a checkpoint (.pt .pth .safetensors .npz .gguf .onnx, or the index of one in shards) and prints its layers
ranked by Importance Factor. With input files (.npy .npz .pt .safetensors .csv .json) the maps come from the inputs;
without, from the maps saved in the checkpoint; with neither there is no importance, and the learned Gaussians are all
there is.
A folder stands for every file of tensors in it and below; a file may hold many arrays, each one input or several. They
are read one after the other; what cannot be used is left out, counted and named. Ctrl+C stops, and writes nothing.
inspect prints what was recognised in a checkpoint and the table of its tensors. Shards are given beside their index, or
found in its folder. Files may be https:// addresses: only the parts that are needed are fetched.
watch prints a line for every version of a checkpoint on disk while something rewrites it, until Ctrl+C: the rows that
come first, the most learned one, epoch and accuracy; and whenever an input is written anew, or another one comes into a
folder of them. A file that is not whole is being written: it is never explained.
It takes the options of explain that say how the model is read.

share prints a link that holds the explanation itself: no server keeps it. What has no room in 8,000 characters is named
and left out. --at says which app the link leads to (default http://localhost:3000); --to stores the whole file on a
server of this app instead and prints its JSON answer. verify compares SHA-256, then computes the explanation again from
the files and says: reproduced, differs by how much and where, or not the same file.

  --npz OUT.npz            write importance, density and layer_importance; with inputs density_variance, sample_density,
                           logits and, with labels, class_density and class_labels; with Gaussians mean_offset and
                           scaled_variance; what is measured of each row, and of the untrained twin (untrained_entropy,
                           …): entropy and word_entropy (bits), content_gradient and latent_gradient (norms) of stacks,
                           offset_length and adaptor_shift (cells) of pyramids, NaN where a row has none;
                           and, in the module's own shapes, output, attention.layer_0, attention.layer_1, … of a
                           density block, attention.layer_0 of a gate, grouped_attention of a GQDAAM,
                           attention.regions and attention.words of a stack (inputs, hops, places)
  --json OUT.json          write the whole explanation with the names of its files; the app opens it, too
  --record OUT.densitylens write the explanation as a link or a store holds it
  --csv OUT.csv|OUT.zip    write the ranking as CSV, or every table, each in a file of its own
  --html OUT.html          write one page that shows the figure offline, alive, without single inputs
  --names keep|none        whether record, tables, page and what is shared from JSON name the
                           files (default none)
  --backend auto|wasm|cpu  what runs the model (default auto)
  --axes 1,1,-1            density block: the axis each block layer normalises (default -1)
  --padding-value 0        density block: the value that marks padding (default none)
  --block-layer 0          density block: the block layer that is ranked (default 0)
  --map 32x32              how the convolution folds the features, or regions lie on a picture (default the most square)
  --layout batch|time      how a three-dimensional input is meant, where both readings fit
  --module NAME            which module of a file that holds several (inspect lists them)
  --query-heads 8          grouped-query attention: its query heads (default 8)
  --layer-mix softmax|raw  scalar layer weights: whether the model takes a softmax (default softmax)
  --release 2022|2023      deformable pyramid: whose layout it has, where its names do not say (default 2022)
  --offset-range 2         deformable pyramid: how far points move, in half steps; below 0 freely (default 2, or -1)
  --sampling-strides 4,2,1 deformable pyramid: cells between the points of each stage (default 1s, or 8,4,2,1)
  --head-width 32          deformable pyramid: channels of a head, where no table tells (default 32)
  --question-order forward|backward
                           stacked attention: from which end its own encoder reads a question (default as its file
                           says, else backward for the LSTM of the released code)
  --lstm-output cell|tanh  stacked attention, released LSTM: o · c or o · tanh(c) (default as its file says, else cell)
  --bind ROLE=TENSOR,…     which tensors the heads are, where the names do not say: head 0 mean offset=pool.mu,
                           head 0 scaled variance=pool.var, conv1 weight=…; for blocks head 0 mean offsets,
                           head 0 spreads and, where they are added, head 0 weights (layer 0 head 0 … of several
                           layers); for gates mean offsets, log spreads, projection weight; for stacks
                           hop 0 regions look weight, … ask weight, … point weight, answer weight; or layer weights
  --classes a,b,c          names of the classes, in the order of the logits
  --help, --version

Arrays of input files, by the last part of their names (a.regions and a.question make up one input or several); axes in
brackets may be missing:

${inputNamesText()}

Exit status: 0 when there is an explanation, 2 when an argument or a file cannot be used (one sentence on standard
error says why), 3 when verify does not find the same, 130 when it was stopped, 1 for a mistake of ours.
`
