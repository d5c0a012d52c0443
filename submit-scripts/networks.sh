# Sourced by what measures the trained networks: network FOLDER NAME sets network_options, what the
# job is told of one, to the name of its file, its images, their labels and its preprocessing.
#   FOLDER holds models/*.onnx and data/imagenet-sample, data/cifar10-train.tar, data/cifar10-val.tar
#   NAME is squeezenet, resnet20, alexnet, googlenet or vgg16
# vgg_pixels is the part of the preprocessing that VGG-16 wants on any images.
vgg_pixels=scale=1,mean=123.68:116.779:103.939,std=1

network() {
  local folder=$1 name=$2 images=cifar10-train.tar validation=cifar10-val.tar model=$2-cifar10 pixels more=()
  case $name in
    squeezenet)
      model=squeezenet1.1 images=imagenet-sample/train validation=imagenet-sample/val pixels=torchvision
      more=(--synsets "$folder/data/imagenet-sample/synsets.txt")
      ;;
    resnet20) pixels=torchvision,resize=none,crop=none ;;
    alexnet | googlenet) pixels=torchvision,resize=exact:64x64,crop=none ;;
    vgg16)
      # More images and samples were not seen to help.
      pixels=torchvision,resize=exact:64x64,crop=none,$vgg_pixels
      more=(--calibration-images 2000)
      ;;
    *)
      echo "pare: error: unknown name $name: squeezenet, resnet20, alexnet, googlenet or vgg16" >&2
      return 2
      ;;
  esac
  network_model=$folder/models/$model.onnx
  network_images=$folder/data/$images
  network_validation=$folder/data/$validation
  network_options=(
    --model "$network_model" --images "$network_images" --validation "$network_validation"
    --preprocessing "$pixels" "${more[@]}"
  )
}
