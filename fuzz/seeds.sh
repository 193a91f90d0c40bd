#!/bin/sh
# Writes small seed files for the fuzzer to fuzz/corpus/.
set -eu
cd "$(dirname "$0")"
for target in fld deepfashion2 coco yolo deeplabcut boxes image weights config model; do mkdir -p "corpus/$target"; done

printf '2\nx\nimg/a.jpg 2 5 0 1 2 0 3.5 2 0 1 9 1 -4 9\nimg/b.jpg 2 1 0 1 2 0 3 2 2 0 0 1 4 9\n\0%b\0%b' \
    '2\nx\nimg/a.jpg 1 2 40 100\nimg/b.jpg -5 0 10.5 20\n' '2\nx\nimg/a.jpg train\nimg/b.jpg val\n' > corpus/fld/valid
# A bad row, a duplicate image and a line that is not UTF-8; a bad row next to a valid one.
printf '3\nx\nimg/a.jpg 9\nimg/b.jpg 2 0 1 2 0 3 2 0 1 9 0 4 9\nimg/b.jpg 2 0 1 2 0 3 2 0 1 9 0 4 9\n\0%b\0%b' \
    '1\nx\nimg/b.jpg 1 2 40 100\n' '1\nx\nimg/\0377.jpg val\n' > corpus/fld/problems
printf '2\nx\nimg/a.jpg 9\nimg/b.jpg 2 0 1 2 0 3 2 0 1 9 0 4 9\n\0%b\0%b' \
    '1\nx\nimg/b.jpg 1 2 40 100\n' '2\nx\nimg/a.jpg val\nimg/b.jpg val\n' > corpus/fld/tolerated
# DeepFashion-C's Anno_fine: with and without categories, and with a list of categories.
fine='img/a.jpg\nimg/b.jpg\n\0%b1 2 40 100\n-5 0 10.5 20\n\0%b1 2 3 2 0 0 4 9 0 0 0 0 1 9 4 9\n0 0 0 0 0 0 0 0 1 2 3 2 1 9 4 9\n'
printf "\0$fine" '' '' > corpus/fld/fine
printf "\0$fine\0%b3\n21\n" '' '' '' > corpus/fld/fine-categories
printf "\0$fine\0%b2\n1\n\0%b2\nx\nSkirt 2\nBlouse 1\n" '' '' '' '' > corpus/fld/fine-list

landmarks='1, 2, 2, 3.5, 4, 1, 0, 0, 0, 1, 2, 2, 1, 2, 2, 1, 2, 2, 1, 2, 2, 1, 2, 2'
cat > corpus/deepfashion2/valid <<END
{"item1": {"category_id": 9, "bounding_box": [5, 6, 105, 206], "landmarks": [$landmarks], "style": 1, "scale": 3,
 "occlusion": 2, "zoom_in": 1, "viewpoint": 2, "segmentation": [[1, 2]]}, "source": "user", "pair_id": 12}
END

cat > corpus/coco/valid <<'END'
{"images": [{"id": 7, "file_name": "a.jpg"}, {"id": 4, "file_name": "b/c.jpg"}],
 "annotations": [
  {"id": 11, "image_id": 7, "category_id": 2, "bbox": [10, 20, 100.5, 50], "area": 77.5, "iscrowd": 0,
   "keypoints": [30, 40.5, 2, 50, 60, 1, 9, 9, 0]},
  {"id": 12, "image_id": 4, "category_id": 3, "bbox": [0, 0, 9, 9], "keypoints": [1, 2, 2, 3, 4, 2]}],
 "categories": [
  {"id": 2, "name": "cat", "keypoints": ["nose", "left ear", "right ear"], "skeleton": [[1, 2], [1, 3]],
   "flip_pairs": [["left ear", 3]], "sigmas": [0.1, 0.2, 0.2]},
  {"id": 3, "name": "door", "keypoints": ["handle", "lock"], "skeleton": [[0, 1]]}]}
END

cat > corpus/coco/schema <<'END'
{"images": [{"id": 1, "file_name": "a.jpg"}],
 "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 9, 9], "keypoints": [1, 2, 2]}],
 "categories": [{"id": 1, "name": "x", "keypoints": ["a"]}, {"id": 2, "name": "y", "keypoints": ["b", "a"]}],
 "landmark_schema": {"names": ["a", "b"], "mirror": [1, 0], "skeleton": [[0, 1]], "sigmas": [0.1, 0.1], "categories": [
  {"id": 1, "name": "x", "landmarks": [0]}, {"id": 2, "name": "y", "landmarks": [1, 0]}]}}
END

# For given schemas: FLD's categories by id, and DeepFashion2's 294 landmarks, of which trousers have the 170th.
triplets="$(printf '0, 0, 0, %.0s' $(seq 169))1, 2, 2$(printf ', 0, 0, 0%.0s' $(seq 124))"
cat > corpus/coco/fld <<'END'
{"images": [{"id": 1, "file_name": "a.jpg"}, {"id": 1, "file_name": "../b.jpg"}, {"id": 2, "file_name": "c.jpg"}],
 "annotations": [{"id": 1, "image_id": 2, "category_id": 2, "bbox": [0, 0, 9, 9], "area": 8.5, "iscrowd": 1,
   "keypoints": [1, 2, 2, 3, 4, 1, 0, 0, 0, 5, 6, 2]}],
 "categories": [{"id": 1, "name": "upper"}, {"id": 2, "name": "lower"}, {"id": 3, "name": "full"}]}
END
cat > corpus/coco/deepfashion2 <<END
{"images": [{"id": 1, "file_name": "a.jpg"}],
 "annotations": [{"id": 1, "image_id": 1, "category_id": 8, "bbox": [0, 0, 9, 9], "keypoints": [$triplets]}],
 "categories": [{"id": 8, "name": "trousers"}, {"id": 9, "name": "skirt"}]}
END

# As written by tools: strings for numbers, NaN, lists of points, no boxes, an index of mirror pairs.
cat > corpus/coco/loose <<'END'
{"images": [{"id": "7", "file_name": "a\\b.jpg", "width": "64", "height": 48.0}, {"id": "x", "file_name": "./c.jpg"}],
 "annotations": [
  {"id": null, "image_id": 7.0, "category_id": "2", "bbox": null, "area": 0, "iscrowd": "0",
   "keypoints": [[30, "40.5", 1], [50, 60, 0.5], [NaN, NaN, 0]]},
  {"id": "b", "image_id": "x", "bbox": [1, 2, 0, 0], "keypoints": [1, 2, true, 3, 4, 1, -Infinity, 1, 1]}, 5],
 "categories": [{"id": 2.0, "name": null, "keypoints": ["LHem", "RHem", "LHem"], "skeleton": [[1, 9], null, [1, 2]],
   "flip_idx": [1, 0, 2], "keypoint_oks_sigmas": [0.1, 0.1, "0.1"]}]}
END

# data.yaml, and the labels of an image. No dots and slashes, which could name other folders.
printf 'train: images\nval: images\nkpt_shape: [3, 3]\nflip_idx: [0, 2, 1]\nnames: {0: cat, 1: dog}\n%b\0%b' \
    'kpt_names: {0: [nose, left ear, right ear]}\nskeleton: [[1, 2], [1, 3]]\n' \
    '0 0.5 0.5 0.4 0.6 0.5 0.4 2 0.45 0.3 1 0 0 0\n1 0.5 0.5 0 0 0.1 0.1 0.5 0.5 0.9 1 0 0 2\n' > corpus/yolo/valid
printf 'train: [images]\nkpt_shape: [2, 2]\nnc: 1\nflip_idx: []\nkpt_names: [LHem, RHem]\n\0%b' \
    '0 0.5 0.5 0.4 0.6 0.5 0.4 0 0\n0 0.5 0.5 0.4 0.6 0.5 0.4 -1 0.5\r\n\n0 1 1 1 1 nan 0 1 1\n' > corpus/yolo/two
printf 'train: images\nkpt_shape: [1, 3]\nnames: &a [x]\nkpt_names: *a\n\0%b' \
    '0 0.5 0.5 0.4 0.6 0.5 0.4 1\n0 1\n0 0.5 0.5 0.4 0.6 320 240 2\n' > corpus/yolo/problems

# A table, and config.yaml.
printf 'scorer,A,A,A,A\nbodyparts,snout,snout,tail,tail\ncoords,x,y,x,y\n%b%b\0%b' \
    'labeled-data/a/1.png,10.5,20,30,40\nlabeled-data\\a\\2.png,1,2,,nan\n' 'labeled-data/a/3.png,,,,\n' \
    'scorer: A\nbodyparts: [tail, snout]\nskeleton: [[snout, tail]]\n' > corpus/deeplabcut/valid
printf 'scorer,,,A,A,A,A,A,A,A,A\nindividuals,,,i,i,i,i,j,j,single,single\n%b%b\0%b' \
    'bodyparts,,,a,a,b,b,a,a,c,c\ncoords,,,x,y,x,y,x,y,x,y\n' \
    'labeled-data,a,1.png,1,2,3,4,5,6,7,8\nlabeled-data,a,2.png,1,2,3,4,,,,\nx,1\n' \
    'multianimalproject: true\nbodyparts: MULTI!\nmultianimalbodyparts: [a, b]\nuniquebodyparts: [c]\n' > corpus/deeplabcut/animals

cat > corpus/boxes/valid <<'END'
[{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5},
 {"file_name": "b.jpg", "category_id": 2, "bbox": [1.5, 2, 30, 4e1], "score": 1},
 {"image_id": 2, "file_name": "b.jpg", "category_id": 2, "bbox": [1.5, 2, 30, 4e1], "score": 1}]
END

for ending in bmp gif jpg png tif webp; do cp ../tests/fixtures/images/*."$ending" corpus/image/; done
# Without its end-of-image marker.
head -c -2 ../tests/fixtures/images/restarts.jpg > corpus/image/unmarked.jpg
printf '\100\0\0\0\0\0\0\0{"a": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}}\1\2\3\4\5\6\7\10' > corpus/weights/safetensors
# A model with its configuration: the entry "dafe" of its metadata.
cp ../tests/fixtures/parity/export/model.safetensors corpus/model/
python3 - <<'END'
import json
with open("corpus/model/model.safetensors", "rb") as file:
    header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
config = json.loads(header["__metadata__"]["dafe"])["config"]
with open("corpus/config/model.json", "w") as file:
    json.dump(config, file)
END
# PyTorch's two file formats, if PyTorch is installed.
python3 - <<'END' || echo "no PyTorch: corpus/weights has no checkpoints"
import torch
parameters = {"a": torch.arange(3.0), "state": {"b": torch.zeros(1, 2)}}
torch.save(parameters, "corpus/weights/zip")
torch.save(parameters, "corpus/weights/pickle", _use_new_zipfile_serialization=False)
END
